import { clientBenchmark } from './client.ts'
import { configBenchmark } from './config.ts'
import { dashboardsBenchmark } from './dashboards.ts'
import { deliveryBenchmark } from './delivery.ts'
import { exporterBenchmark } from './exporter.ts'
import { slowResolversBenchmark } from './slow-resolvers.ts'

/** One measured quantity. */
export interface Measurement {
  readonly what: string
  readonly value: number
  readonly unit: string
}

/** Every benchmark: `npm run bench NAME`. A new one is a row here. */
const benchmarks: Readonly<Record<string, () => Promise<readonly Measurement[]>>> = {
  client: clientBenchmark,
  config: configBenchmark,
  dashboards: dashboardsBenchmark,
  delivery: deliveryBenchmark,
  exporter: exporterBenchmark,
  'slow-resolvers': slowResolversBenchmark,
}

const name = process.argv[2] ?? ''
const benchmark = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined
if (benchmark === undefined) {
  console.error(`usage: npm run bench NAME, with one of: ${Object.keys(benchmarks).join(', ')}`)
  process.exitCode = 2
} else {
  for (const { what, value, unit } of await benchmark()) {
    console.log(`${value.toFixed(1).padStart(10)} ${unit}  ${what}`)
  }
}
