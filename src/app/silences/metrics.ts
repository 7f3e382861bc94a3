import { Gauge, type Registry } from 'prom-client'
import type { OwnSilences } from '../../alerts/silences/own.ts'
import { definition } from '../../metrics/registry.ts'
import { selfMetrics } from '../../metrics/self.ts'

/** Adds to a registry what fires, whether somebody is notified of it, and what is silenced. */
export function silencesMetrics(
  registry: Registry,
  { firing, size }: Pick<OwnSilences, 'firing' | 'size'>,
): void {
  const registers = [registry]
  new Gauge({
    ...definition(selfMetrics.alertsFiring),
    registers,
    async collect() {
      const alerts = await firing()
      const silenced = alerts.filter(({ silencedBy }) => silencedBy.length > 0).length
      this.set({ silenced: 'false' }, alerts.length - silenced)
      this.set({ silenced: 'true' }, silenced)
    },
  })
  new Gauge({
    ...definition(selfMetrics.silences),
    registers,
    collect() {
      this.set(size())
    },
  })
}
