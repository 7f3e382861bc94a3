import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { heapGrowth } from '../../src/exporter/heap-growth.ts'

it.each([
  [1, 80],
  [1999, 80],
  [2000, 30],
  [50_000, 30],
])('%i targets let the heap grow by %i%%', (targets, percent) => {
  expect(heapGrowth(targets)).toBe(percent)
})

/** Fills the heap with what lives for a while, and says how often V8 has collected all of it. */
const program = `
  import { PerformanceObserver } from 'node:perf_hooks'
  import { adjustHeapGrowth } from ${JSON.stringify(join(import.meta.dirname, '../../src/exporter/heap-growth.ts'))}
  let full = 0
  new PerformanceObserver((list) => {
    for (const { detail } of list.getEntries()) if (detail.kind === 4) full++
  }).observe({ entryTypes: ['gc'] })
  adjustHeapGrowth(Number(process.env.TARGETS))
  const kept = []
  for (let round = 0; round < 100; round++) {
    kept[round % 40] = Array.from({ length: 20_000 }, (_none, n) => ({ n }))
    await new Promise((resolve) => setImmediate(resolve))
  }
  console.log(full)
`

function fullCollections(targets: number): number {
  const flags = ['--import', 'tsx', '--input-type=module', '-e', program]
  const env = { ...process.env, TARGETS: String(targets) }
  return Number(execFileSync(process.execPath, flags, { encoding: 'utf8', env }))
}

it('takes effect while the process runs', () => {
  const [few, many] = [fullCollections(10), fullCollections(10_000)]
  expect(few).toBeLessThan(many)
})
