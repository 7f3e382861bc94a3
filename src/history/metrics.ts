import { Counter, Gauge, type Registry } from 'prom-client'
import type { Metric } from '../checks/metric.ts'
import { definition } from '../metrics/registry.ts'
import { selfMetrics } from '../metrics/self.ts'
import type { History } from './store.ts'
import type { WriterEvents } from './write/writer.ts'

/** Counts what happens to rows, in a registry. */
export function historyMetrics(
  registry: Registry,
  history: () => Pick<History, 'length' | 'pending'> | undefined,
): WriterEvents {
  const registers = [registry]
  const { rowsWritten, rowsDropped, historyQueue, historyLag, historyPending } = selfMetrics
  const written = new Counter({ ...definition(rowsWritten), registers })
  const dropped = new Counter({ ...definition(rowsDropped), registers })
  const gauge = (metric: Metric, value: () => number | undefined): Gauge =>
    new Gauge({
      ...definition(metric),
      registers,
      collect() {
        this.set(value() ?? 0)
      },
    })
  gauge(historyQueue, () => history()?.length)
  gauge(historyLag, () => history()?.pending()?.lagSeconds)
  gauge(historyPending, () => history()?.pending()?.marks)
  return {
    written(rows) {
      written.inc(rows.length)
    },
    dropped(count) {
      dropped.inc(count)
    },
  }
}
