import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConfigStore } from '../src/config/store.ts'
import { createLogger } from '../src/lib/logger.ts'
import type { Measurement } from './run.ts'

const targetCount = 1000
const runs = 15

/** A target as most are: a name, a URL, a label and two expectations. */
function usual(index: number, run: number): string {
  return `  - name: target-${index}
    url: https://api-${index}.example.com/v1/health
    labels: { vendor: vendor-${index % 20}, team: checkout }
    expect: { max_latency: ${300 + run}ms, max_error_rate: 1% }
`
}

/** A target that says everything. */
function detailed(index: number, run: number): string {
  return `  - name: target-${index}
    url: https://api-${index}.example.com/v1/charges?limit=${index}
    interval: 1m
    timeout: 5s
    headers: { Accept: application/json }
    auth: { bearer: "\${TOKEN}" }
    labels: { vendor: vendor-${index % 20}, team: checkout }
    runbook: https://wiki.example.com/${index}
    expect:
      status: [2xx, 401]
      max_latency: ${300 + run}ms
      max_error_rate: 1%
      headers: { content-type: "^application/json" }
      json: { "$.data[0].status": paid }
      body: { contains: object, not_matches: "(?i)maintenance" }
`
}

function file(target: (index: number, run: number) => string, run: number): string {
  return `targets:\n${Array.from({ length: targetCount }, (_, index) => target(index, run)).join('')}`
}

/** What an edit of a file with 1,000 targets costs: read, parse, validate, resolve, swap. */
export async function configBenchmark(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'))
  const measurements: Measurement[] = []
  try {
    for (const [what, target] of Object.entries({ usual, detailed })) {
      const path = join(folder, `${what}.yml`)
      await writeFile(path, file(target, 0))
      const log = createLogger({ level: 'error' })
      const store = createConfigStore({
        file: path,
        env: { TOKEN: 'a-token' },
        log,
        pollMs: 3_600_000,
        settleMs: 3_600_000,
      })
      const started = performance.now()
      await store.start()
      const first = performance.now() - started
      const times: number[] = []
      for (let run = 1; run <= runs; run++) {
        await writeFile(path, file(target, run))
        const before = performance.now()
        await store.reload()
        times.push(performance.now() - before)
      }
      await store.stop()
      times.sort((a, b) => a - b)
      measurements.push(
        { what: `first load of ${targetCount} ${what} targets`, value: first, unit: 'ms' },
        {
          what: `reload of ${targetCount} ${what} targets, median of ${runs}`,
          value: times[runs >> 1] ?? NaN,
          unit: 'ms',
        },
        {
          what: `reload of ${targetCount} ${what} targets, slowest of ${runs}`,
          value: times.at(-1) ?? NaN,
          unit: 'ms',
        },
      )
    }
  } finally {
    await rm(folder, { recursive: true })
  }
  return measurements
}
