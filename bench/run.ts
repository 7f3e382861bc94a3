/** One measured quantity. */
export interface Measurement {
  readonly what: string
  readonly value: number
  readonly unit: string
}

type Benchmark = () => Promise<readonly Measurement[]>

/** Every benchmark: `npm run bench NAME`. A new one is a row here; it is loaded only when it is asked for. */
const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  client: async () => (await import('./client.ts')).clientBenchmark,
  collector: async () => (await import('./collector.ts')).collectorBenchmark,
  config: async () => (await import('./config.ts')).configBenchmark,
  dashboards: async () => (await import('./dashboards.ts')).dashboardsBenchmark,
  delivery: async () => (await import('./delivery.ts')).deliveryBenchmark,
  exporter: async () => (await import('./exporter.ts')).exporterBenchmark,
  history: async () => (await import('./history.ts')).historyBenchmark,
  'history-late': async () => (await import('./history-late.ts')).historyLateBenchmark,
  hostile: async () => (await import('./siege/hostile.ts')).hostileBenchmark,
  locations: async () => (await import('./locations.ts')).locationsBenchmark,
  probes: async () => (await import('./probes.ts')).probesBenchmark,
  rolling: async () => (await import('./rolling.ts')).rollingBenchmark,
  scale: async () => (await import('./scale.ts')).scaleBenchmark,
  simulate: async () => (await import('./simulate.ts')).simulateBenchmark,
  solo: async () => (await import('./solo.ts')).soloBenchmark,
  siege: async () => (await import('./siege/siege.ts')).siegeBenchmark,
  'slow-resolvers': async () => (await import('./slow-resolvers.ts')).slowResolversBenchmark,
  'ten-thousand': async () => (await import('./ten-thousand.ts')).tenThousandBenchmark,
  status: async () => (await import('./status.ts')).statusBenchmark,
  vendors: async () => (await import('./vendors.ts')).vendorsBenchmark,
}

const name = process.argv[2] ?? ''
const load = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined
if (load === undefined) {
  console.error(`usage: npm run bench NAME, with one of: ${Object.keys(benchmarks).join(', ')}`)
  process.exitCode = 2
} else {
  const benchmark = await load()
  for (const { what, value, unit } of await benchmark()) {
    console.log(`${value.toFixed(1).padStart(10)} ${unit}  ${what}`)
  }
}
