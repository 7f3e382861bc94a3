import { execFile, fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Addresses, Usage } from './collector-program.ts'
import type { Measurement } from './run.ts'

const run = promisify(execFile)
const targets = 100
const steady = { perSecond: 20_000, seconds: 30 }
/** More than any sender manages. */
const flood = { perSecond: 1_000_000, seconds: 10 }

const config = `targets:\n${Array.from(
  { length: targets },
  (_, index) =>
    `  - { name: target-${index}, labels: { vendor: v${index % 10} }, calls: { method: POST, host: api-${index}.example.com, path: ^/v1/charges } }\n`,
).join('')}`

interface Load {
  readonly perSecond: number
  readonly seconds: number
}

interface Result {
  readonly sent: number
  readonly accepted: number
  readonly dropped: number
  readonly cpuSeconds: number
  readonly rssGrowth: number
  readonly scrapes: readonly number[]
}

/** What the collector takes: datagrams of one call each, of 100 targets, while Prometheus scrapes every second. */
export async function collectorBenchmark(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'))
  const file = join(folder, 'targets.yml')
  await writeFile(file, config)
  const child = fork(join(import.meta.dirname, 'collector-program.ts'), [file], {
    execArgv: ['--import', 'tsx'],
  })
  try {
    const [addresses] = (await once(child, 'message')) as [Addresses]
    await load(child, addresses, { perSecond: steady.perSecond, seconds: 5 })
    const calm = await load(child, addresses, steady)
    const full = await load(child, addresses, flood)
    return [
      ...measurements(`at ${steady.perSecond} datagrams/s for ${steady.seconds} s`, calm, steady),
      ...measurements('as fast as the sender can', full, flood),
    ]
  } finally {
    child.disconnect()
    await once(child, 'exit')
    await rm(folder, { recursive: true })
  }
}

function measurements(what: string, result: Result, { seconds }: Load): Measurement[] {
  const { sent, accepted, dropped, cpuSeconds, rssGrowth, scrapes } = result
  return [
    { what: `${what}: accepted`, value: accepted / seconds, unit: '/s' },
    { what: `${what}: lost`, value: sent - accepted, unit: 'datagrams' },
    { what: `${what}: dropped, as exported`, value: dropped, unit: 'datagrams' },
    { what: `${what}: accepted per second of processor time`, value: accepted / cpuSeconds, unit: '/s' },
    { what: `${what}: resident memory, growth`, value: rssGrowth / 1e6, unit: 'MB' },
    { what: `${what}: scrape of /metrics, median`, value: scrapes[scrapes.length >> 1] ?? NaN, unit: 'ms' },
    { what: `${what}: scrape of /metrics, longest`, value: scrapes.at(-1) ?? NaN, unit: 'ms' },
  ]
}

async function load(
  child: ChildProcess,
  { url, udpPort }: Addresses,
  { perSecond, seconds }: Load,
): Promise<Result> {
  const before = { ...(await counters(url)), ...(await usage(child)) }
  const scrapes: number[] = []
  const sending = { over: false }
  const scraping = (async () => {
    while (!sending.over) {
      const started = performance.now()
      await (await fetch(`${url}/metrics`)).arrayBuffer()
      scrapes.push(performance.now() - started)
      await sleep(1000)
    }
  })()
  const args = ['--import', 'tsx', join(import.meta.dirname, 'datagram-sender.ts')]
  const { stdout } = await run(process.execPath, [
    ...args,
    ...[udpPort, perSecond, seconds, targets].map(String),
  ])
  sending.over = true
  await scraping
  const after = { ...(await counters(url)), ...(await usage(child)) }
  return {
    sent: Number(stdout),
    accepted: after.accepted - before.accepted,
    dropped: after.dropped - before.dropped,
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    rssGrowth: after.rssBytes - before.rssBytes,
    scrapes: scrapes.toSorted((a, b) => a - b),
  }
}

async function usage(child: ChildProcess): Promise<Usage> {
  const answer = once(child, 'message')
  child.send('usage')
  return ((await answer) as [Usage])[0]
}

async function counters(url: string): Promise<{ accepted: number; dropped: number }> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const value = (series: string): number =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.slice(series.length + 1),
    )
  return {
    accepted: value('api_call_messages_total{protocol="udp",result="accepted"}'),
    dropped: value('api_call_datagrams_dropped_total{reason="buffer"}'),
  }
}
