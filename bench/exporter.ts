import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startExporter } from '../src/app/exporter/exporter.ts'
import { createLogger } from '../src/lib/logger.ts'
import type { Measurement } from './run.ts'

const targetCount = 1000
const runs = 21

function file(run: number): string {
  const target = (index: number): string =>
    `  - { name: target-${index}, url: "https://api-${index}.example.com/health", labels: { vendor: vendor-${index % 20} }, expect: { max_latency: ${300 + run}ms } }\n`
  return `targets:\n${Array.from({ length: targetCount }, (_, index) => target(index)).join('')}`
}

/** What Prometheus and an editor ask of an exporter with 1,000 targets, over HTTP: /sd, /metrics and /-/reload. */
export async function exporterBenchmark(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'))
  const configFile = join(folder, 'targets.yml')
  await writeFile(configFile, file(0))
  const exporter = await startExporter(
    { configFile, listenAddress: { host: '127.0.0.1', port: 0 }, lifecycle: true },
    { log: createLogger({ level: 'error' }) },
  )
  const ask = async (path: string, method: string, prepare?: (run: number) => Promise<void>) => {
    const times: number[] = []
    for (let run = 1; run <= runs; run++) {
      await prepare?.(run)
      const before = performance.now()
      const response = await fetch(`${exporter.url}${path}`, { method })
      await response.arrayBuffer()
      if (!response.ok) throw new Error(`${path} answered ${response.status}`)
      times.push(performance.now() - before)
    }
    times.sort((a, b) => a - b)
    const measured = (what: string, value = NaN) => ({
      what: `${method} ${path}, ${targetCount} targets, ${what}`,
      value,
      unit: 'ms',
    })
    return [measured(`median of ${runs}`, times[runs >> 1]), measured(`slowest of ${runs}`, times.at(-1))]
  }
  try {
    return [
      ...(await ask('/sd', 'GET')),
      ...(await ask('/metrics', 'GET')),
      ...(await ask('/-/reload', 'POST', (run) => writeFile(configFile, file(run)))),
    ]
  } finally {
    await exporter.stop()
    await rm(folder, { recursive: true })
  }
}
