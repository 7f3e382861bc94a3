import { Counter, Gauge, type Registry } from 'prom-client'
import { definition } from '../metrics/registry.ts'
import { selfMetrics } from '../metrics/self.ts'
import type { WriterEvents } from './write/writer.ts'

/** Counts what happens to rows, in a registry. */
export function historyMetrics(registry: Registry, length: () => number): WriterEvents {
  const registers = [registry]
  const { rowsWritten, rowsDropped, historyQueue } = selfMetrics
  const written = new Counter({ ...definition(rowsWritten), registers })
  const dropped = new Counter({ ...definition(rowsDropped), registers })
  new Gauge({
    ...definition(historyQueue),
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
