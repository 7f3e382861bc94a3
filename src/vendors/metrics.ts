import { Gauge, type Registry } from 'prom-client'
import { definition } from '../metrics/registry.ts'
import { selfMetrics } from '../metrics/self.ts'
import { vendorStates } from './said.ts'
import type { VendorReading } from './watch.ts'

/** Adds to a registry what vendors say of themselves. */
export function vendorMetrics(registry: Registry, readings: () => readonly VendorReading[]): void {
  const add = (
    metric: Parameters<typeof definition>[0],
    value: (reading: VendorReading) => number | undefined,
  ): void => {
    new Gauge({
      ...definition(metric),
      registers: [registry],
      collect() {
        // A vendor that is no longer configured is gone.
        this.reset()
        for (const reading of readings()) {
          const number = value(reading)
          if (number !== undefined) this.set({ vendor: reading.vendor }, number)
        }
      },
    })
  }
  add(selfMetrics.vendorStatus, ({ says }) => says && vendorStates.indexOf(says.state))
  add(selfMetrics.vendorStatusUp, ({ problem, readAt }) =>
    problem === undefined && readAt === undefined ? undefined : Number(problem === undefined),
  )
}
