import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConfigStore } from '../src/config/store.ts'
import { createLogger } from '../src/lib/logger.ts'
import type { Measurement } from './run.ts'

const targetCount = 1000
const runs = 15

type Item = (index: number, edit: number) => string

/** A target as most are: a name, a URL, labels and two expectations. */
const usual: Item = (index, edit) => `  - name: target-${index}
    url: https://api-${index}.example.com/v1/health
    labels: { vendor: vendor-${index % 20}, team: checkout }
    expect: { max_latency: ${300 + edit}ms, max_error_rate: 1% }
`

/** A target that says everything. */
const detailed: Item = (index, edit) => `  - name: target-${index}
    url: https://api-${index}.example.com/v1/charges?limit=${index}
    interval: 1m
    timeout: 5s
    headers: { Accept: application/json }
    auth: { bearer: "\${TOKEN}" }
    labels: { vendor: vendor-${index % 20}, team: checkout }
    runbook: https://wiki.example.com/${index}
    expect:
      status: [2xx, 401]
      max_latency: ${300 + edit}ms
      max_error_rate: 1%
      headers: { content-type: "^application/json" }
      json: { "$.data[0].status": paid }
      body: { contains: object, not_matches: "(?i)maintenance" }
`

/** Which targets an edit changes. */
const edits: Readonly<Record<string, (index: number) => boolean>> = {
  'one edited': (index) => index === 500,
  'all edited': () => true,
}

function fileOf(item: Item, edit: number, isEdited: (index: number) => boolean): string {
  const items = Array.from({ length: targetCount }, (_, index) => item(index, isEdited(index) ? edit : 0))
  return `targets:\n${items.join('')}`
}

/** What an edit of a file with 1,000 targets costs: read, parse, validate, resolve, swap. */
export async function configBenchmark(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'))
  try {
    const measurements: Measurement[] = []
    for (const [what, item] of Object.entries({ usual, detailed })) {
      for (const [which, isEdited] of Object.entries(edits)) {
        const path = join(folder, 'targets.yml')
        const text = (edit: number): string => fileOf(item, edit, isEdited)
        measurements.push(...(await measure(path, text, `${targetCount} ${what} targets, ${which}`)))
      }
    }
    return measurements
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function measure(path: string, text: (edit: number) => string, what: string): Promise<Measurement[]> {
  await writeFile(path, text(0))
  const log = createLogger({ level: 'error' })
  const env = { TOKEN: 'a-token' }
  const never = 3_600_000
  const store = createConfigStore({ file: path, env, log, pollMs: never, settleMs: never })
  await store.start()
  const times: number[] = []
  for (let edit = 1; edit <= runs; edit++) {
    await writeFile(path, text(edit))
    const before = performance.now()
    await store.reload()
    times.push(performance.now() - before)
  }
  await store.stop()
  times.sort((a, b) => a - b)
  return [
    { what: `reload of ${what}: median of ${runs}`, value: times[runs >> 1] ?? NaN, unit: 'ms' },
    { what: `reload of ${what}: slowest of ${runs}`, value: times.at(-1) ?? NaN, unit: 'ms' },
  ]
}
