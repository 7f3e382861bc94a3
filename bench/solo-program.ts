import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSolo } from '../src/commands/solo.ts'
import { createLogger } from '../src/lib/logger.ts'
import type { SoloFigures } from './solo.ts'

const [url = '', count = '', interval = '', length = ''] = process.argv.slice(2)
const warmUpMs = 15_000

const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'))
const configFile = join(folder, 'targets.yml')
const targets = Array.from(
  { length: Number(count) },
  (_, index) => `  - { name: target-${index}, url: "${url}${index}" }\n`,
)
await writeFile(
  configFile,
  `defaults: { interval: ${interval}s, timeout: 5s }\ntargets:\n${targets.join('')}`,
)

const late: number[] = []
let failed = 0
let measuring = false
const solo = await startSolo(
  { configFile, listenAddress: { host: '127.0.0.1', port: 0 }, storagePath: join(folder, 'data') },
  {
    log: createLogger({ level: 'error' }),
    stdout: { write: () => true },
    reporter: {
      checked(_target, { success }) {
        if (measuring && !success) failed++
      },
    },
    onBegin(_target, lateMs) {
      if (measuring) late.push(lateMs)
    },
  },
)

async function skippedSoFar(): Promise<number> {
  const metrics = await (await fetch(`${solo.url}/metrics`)).text()
  return Number(/^probity_checks_skipped_total (\d+)/m.exec(metrics)?.[1])
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

await wait(warmUpMs)
const skippedBefore = await skippedSoFar()
const cpuBefore = process.cpuUsage()
const began = performance.now()
let maxRss = 0
measuring = true
for (let left = Number(length); left > 0; left--) {
  await wait(1000)
  maxRss = Math.max(maxRss, process.memoryUsage.rss())
}
measuring = false
const cpu = process.cpuUsage(cpuBefore)
const seconds = (performance.now() - began) / 1000
const skipped = (await skippedSoFar()) - skippedBefore
await solo.stop()
await rm(folder, { recursive: true })
late.sort((a, b) => a - b)
const quantile = (q: number): number => late[Math.min(late.length - 1, Math.floor(q * late.length))] ?? NaN
process.stdout.write(
  JSON.stringify({
    begun: late.length,
    lateMs: { p50: quantile(0.5), p99: quantile(0.99), max: late.at(-1) ?? NaN },
    maxRssMiB: maxRss / 2 ** 20,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    seconds,
    skipped,
    failed,
  } satisfies SoloFigures),
)
