import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePorts, startProgram, untilReady, type Program } from '../../scripts/stack/process.ts'
import type { Measurement } from '../run.ts'
import type { Places, Reached } from './attackers.ts'
import {
  ask,
  everySecond,
  healthyTargets,
  percentile,
  probeOnce,
  startHealthy,
  type Seen,
} from './healthy.ts'

const seconds = Number(process.env.PROBITY_BENCH_SECONDS ?? 60)
const [warmUpMs, gatherMs, recoverMs] = [10_000, 15_000, 15_000]
const [aloneMs, siegeMs] = [seconds * 500, seconds * 1000]
const names = Array.from({ length: 20 }, (_, index) => `healthy-${index}`)
const ports = ['solo', 'exporter', 'notifier', 'grpc', 'udp'] as const
type Name = 'solo' | 'exporter' | 'notifier'

/** What is seen of the healthy targets in a while: checks of solo, or scrapes of the exporter. */
interface Phase extends Seen {
  readonly lagMs: number
  readonly skipped: number
}

/** Those that run on one machine, and are attacked together. */
const ways = [['solo'], ['exporter', 'notifier']] as const satisfies readonly Name[][]

/**
 * Solo, and then exporter and notifier, under siege: 10,000 idle connections, slow heads and bodies on every port, bodies without an
 * end, and floods of probes, calls and datagrams, all at once, while 20 healthy targets are probed every second: alone, under siege and
 * afterwards. For a minute each (PROBITY_BENCH_SECONDS). Needs a build.
 */
export async function siegeBenchmark(): Promise<Measurement[]> {
  const healthy = await startHealthy()
  try {
    const found: Measurement[] = []
    for (const names of ways) found.push(...(await besiege(names, healthy.url)))
    return found
  } finally {
    healthy.stop()
  }
}

async function besiege(attacked: readonly Name[], healthy: string): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'))
  const at = await freePorts(ports)
  const programs = await startPrograms(folder, at, healthy, attacked)
  const kind = attacked.includes('solo') ? 'checks' : 'scrapes'
  const watch = (milliseconds: number): Promise<Phase> =>
    (kind === 'checks' ? watchSolo : watchExporter)(at, milliseconds)
  let attackers: ChildProcess | undefined
  try {
    await watch(warmUpMs)
    const alone = await watch(aloneMs)
    const before = await memoryOf(programs, 'before the siege')
    attackers = await startAttackers(at, attacked)
    await wait(gatherMs)
    const siege = await watch(siegeMs)
    const reached = await reachedBy(attackers)
    await end(attackers)
    attackers = undefined
    await wait(recoverMs)
    const afterwards = await watch(aloneMs)
    return [
      ...compared(kind, { alone, 'under siege': siege, afterwards }),
      ...before,
      ...(await memoryOf(programs, 'in all')),
      ...(Object.entries(reached) as [string, number][]).map(([what, value]) => ({
        what: `attackers of ${attacked.join(' and ')}: ${what}`,
        value,
        unit: '',
      })),
    ]
  } finally {
    if (attackers) await end(attackers)
    for (const program of programs) await program.stop()
    await rm(folder, { recursive: true })
  }
}

type Ports = Readonly<Record<(typeof ports)[number], number>>

async function startPrograms(
  folder: string,
  at: Ports,
  healthy: string,
  started: readonly Name[],
): Promise<Program[]> {
  const configFile = join(folder, 'targets.yml')
  await writeFile(
    configFile,
    `targets:\n${healthyTargets(names, healthy)}  - { name: job, heartbeat: 1h }\n  - { name: api, calls: { host: '.*' } }\n`,
  )
  const notifyFile = join(folder, 'notify.yml')
  await writeFile(notifyFile, 'channels: {}\n')
  const flags: Readonly<Record<Name, readonly string[]>> = {
    solo: [
      ...['--config.file', configFile, '--notify.file', notifyFile],
      ...['--calls.listen-address', `127.0.0.1:${at.udp}`],
      ...['--calls.otlp-grpc-listen-address', `127.0.0.1:${at.grpc}`],
    ],
    exporter: [
      ...['--config.file', configFile, '--calls.listen-address', `127.0.0.1:${at.udp}`],
      ...['--calls.otlp-grpc-listen-address', `127.0.0.1:${at.grpc}`],
    ],
    notifier: ['--notify.file', notifyFile, '--alerts.log-file', join(folder, 'alerts.log')],
  }
  const bin = join(import.meta.dirname, '../../bin/probity.cjs')
  const programs: Program[] = []
  for (const name of started) {
    const address = `127.0.0.1:${at[name]}`
    const common = ['--web.listen-address', address, '--storage.path', join(folder, name)]
    const program = startProgram(name, process.execPath, [bin, name, ...common, ...flags[name]], {
      cwd: folder,
    })
    programs.push(program)
    await untilReady(program, `http://${address}/-/ready`)
  }
  return programs
}

async function startAttackers(at: Ports, attacked: readonly Name[]): Promise<ChildProcess> {
  const places: Places = { webs: attacked.map((name) => at[name]), grpc: at.grpc, udp: at.udp }
  const child = fork(join(import.meta.dirname, 'attackers.ts'), [JSON.stringify(places)], {
    execArgv: ['--import', 'tsx'],
  })
  await once(child, 'message')
  return child
}

async function reachedBy(child: ChildProcess): Promise<Reached> {
  const answer = once(child, 'message')
  child.send('reached')
  return ((await answer) as [Reached])[0]
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.disconnect()
  await ended
}

async function watchExporter({ exporter }: Ports, milliseconds: number): Promise<Phase> {
  const url = `http://127.0.0.1:${exporter}`
  const scrapes = everySecond(names, (name) => probeOnce(url, name))
  const lagMs = await longestLag(url, milliseconds)
  return { ...(await scrapes.stop()), lagMs, skipped: 0 }
}

async function watchSolo({ solo }: Ports, milliseconds: number): Promise<Phase> {
  const url = `http://127.0.0.1:${solo}`
  const before = await skippedOf(url)
  const checks = new Map<string, number>()
  let failed = 0
  const polls = everySecond(['solo'], async () => {
    const { targets } = JSON.parse(await ask(`${url}/api/v1/targets`)) as Overview
    for (const { name, last } of targets) {
      if (!last || !names.includes(name) || checks.has(`${name} ${last.at}`)) continue
      checks.set(`${name} ${last.at}`, last.durationSeconds * 1000)
      if (!last.success) failed++
    }
    return 0
  })
  const lagMs = await longestLag(url, milliseconds)
  await polls.stop()
  return { times: [...checks.values()], failed, lagMs, skipped: (await skippedOf(url)) - before }
}

/** In milliseconds; asks every second. */
async function longestLag(url: string, milliseconds: number): Promise<number> {
  const lags = everySecond(['lag'], async () =>
    valueOf(await ask(`${url}/metrics`), 'probity_event_loop_lag_seconds'),
  )
  await wait(milliseconds)
  return 1000 * Math.max(...(await lags.stop()).times)
}

interface Overview {
  readonly targets: readonly {
    readonly name: string
    readonly last?: { readonly at: string; readonly durationSeconds: number; readonly success: boolean }
  }[]
}

async function skippedOf(solo: string): Promise<number> {
  return valueOf(await ask(`${solo}/metrics`).catch(() => ''), 'probity_checks_skipped_total')
}

function valueOf(metrics: string, series: string): number {
  return Number(new RegExp(`^${series} (\\S+)$`, 'm').exec(metrics)?.[1] ?? NaN)
}

function compared(
  kind: 'checks' | 'scrapes',
  phases: Readonly<Record<'alone' | 'under siege' | 'afterwards', Phase>>,
): Measurement[] {
  const p99 = ({ times }: Phase): number => percentile(times, 0.99)
  return [
    ...Object.entries(phases).flatMap(([when, phase]) => [
      { what: `${kind} ${when}: number`, value: phase.times.length, unit: kind },
      { what: `${kind} ${when}: failed or left out`, value: phase.failed + phase.skipped, unit: kind },
      { what: `${kind} ${when}: median`, value: percentile(phase.times, 0.5), unit: 'ms' },
      { what: `${kind} ${when}: p99`, value: p99(phase), unit: 'ms' },
      { what: `event loop ${when}, ${kind}: longest delay`, value: phase.lagMs, unit: 'ms' },
    ]),
    {
      what: `${kind}: p99 under siege, times that alone`,
      value: p99(phases['under siege']) / p99(phases.alone),
      unit: 'x',
    },
  ]
}

/** What has crashed has no status, and its memory is not a number. */
function memoryOf(programs: readonly Program[], when: string): Promise<Measurement[]> {
  return Promise.all(
    programs.map(async ({ name, pid }) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
      const mebibytes = Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]) / 1024
      return { what: `most resident memory of ${name}, ${when}`, value: mebibytes, unit: 'MiB' }
    }),
  )
}
