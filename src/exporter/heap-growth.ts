import { setFlagsFromString } from 'node:v8'

/** Targets from which on memory counts for more than the delays of full collections. */
const many = 2000

/**
 * How far V8 lets the heap grow between two full collections, in percent. Each delays the scrapes of an exporter that is asked very
 * often; but with ten thousand targets, an exporter that collects rarely takes a multiple of the memory.
 */
export function heapGrowth(targets: number): number {
  return targets < many ? 80 : 30
}

/** To be called with every configuration. V8 reads the flag at its next collection. */
export function adjustHeapGrowth(targets: number): void {
  setFlagsFromString(`--heap-growing-percent=${heapGrowth(targets)}`)
}
