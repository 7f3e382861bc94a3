import { Counter, Gauge, type Registry } from 'prom-client'
import { selfMetrics } from '../metrics/self.ts'
import type { WriterEvents } from './writer.ts'

/** Counts what becomes of rows, in a registry. */
export function historyMetrics(registry: Registry, length: () => number): WriterEvents {
  const registers = [registry]
  const { rowsWritten, rowsDropped, historyQueue } = selfMetrics
  const written = new Counter({ name: rowsWritten.name, help: rowsWritten.help, registers })
  const dropped = new Counter({ name: rowsDropped.name, help: rowsDropped.help, registers })
  new Gauge({
    name: historyQueue.name,
    help: historyQueue.help,
    registers,
    collect() {
      this.set(length())
    },
  })
  return {
    written(rows) {
      written.inc(rows.length)
    },
    dropped(count) {
      dropped.inc(count)
    },
  }
}
