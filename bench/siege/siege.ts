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
const ports = ['solo', 'exporter', 'notifier', 'grpc', 'udp', 'spare'] as const

/** What is seen of the healthy targets in a while. */
interface Phase {
  /** Scrapes of the exporter. */
  readonly scrapes: Seen
  /** Checks of solo. */
  readonly checks: Seen
  readonly lagMs: number
  readonly skipped: number
}

/**
 * Solo, exporter and notifier under siege: 10,000 idle connections, slow heads and bodies on every port, bodies without an end, and
 * floods of probes, calls and datagrams, all at once, while 20 healthy targets are probed every second: alone, under siege and
 * afterwards. For a minute (PROBITY_BENCH_SECONDS). Needs a build.
 */
export async function siegeBenchmark(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'))
  const healthy = await startHealthy()
  const at = await freePorts(ports)
  const programs = await startPrograms(folder, at, healthy.url)
  let attackers: ChildProcess | undefined
  try {
    await watch(at, warmUpMs)
    const alone = await watch(at, aloneMs)
    const before = await memoryOf(programs, 'before the siege')
    attackers = await startAttackers(at)
    await wait(gatherMs)
    const siege = await watch(at, siegeMs)
    const reached = await reachedBy(attackers)
    await end(attackers)
    attackers = undefined
    await wait(recoverMs)
    const afterwards = await watch(at, aloneMs)
    return [
      ...compared(alone, siege, afterwards),
      ...before,
      ...(await memoryOf(programs, 'in all')),
      ...(Object.entries(reached) as [string, number][]).map(([what, value]) => ({
        what: `attackers: ${what}`,
        value,
        unit: '',
      })),
    ]
  } finally {
    if (attackers) await end(attackers)
    for (const program of programs) await program.stop()
    healthy.stop()
    await rm(folder, { recursive: true })
  }
}

type Ports = Readonly<Record<(typeof ports)[number], number>>

async function startPrograms(folder: string, at: Ports, healthy: string): Promise<Program[]> {
  const configFile = join(folder, 'targets.yml')
  await writeFile(
    configFile,
    `targets:\n${healthyTargets(names, healthy)}  - { name: job, heartbeat: 1h }\n  - { name: api, calls: { host: '.*' } }\n`,
  )
  const notifyFile = join(folder, 'notify.yml')
  await writeFile(notifyFile, 'channels: {}\n')
  const start = async (name: 'solo' | 'exporter' | 'notifier', ...flags: string[]): Promise<Program> => {
    const bin = join(import.meta.dirname, '../../bin/probity.cjs')
    const address = `127.0.0.1:${at[name]}`
    const common = ['--web.listen-address', address, '--storage.path', join(folder, name)]
    const program = startProgram(name, process.execPath, [bin, name, ...common, ...flags], { cwd: folder })
    await untilReady(program, `http://${address}/-/ready`)
    return program
  }
  const config = ['--config.file', configFile]
  const notify = ['--notify.file', notifyFile]
  const udp = (port: number): string[] => ['--calls.listen-address', `127.0.0.1:${port}`]
  const grpc = ['--calls.otlp-grpc-listen-address', `127.0.0.1:${at.grpc}`]
  return [
    await start('solo', ...config, ...notify, ...udp(at.udp), ...grpc),
    await start('exporter', ...config, ...udp(at.spare)),
    await start('notifier', ...notify, '--alerts.log-file', join(folder, 'alerts.log')),
  ]
}

async function startAttackers(at: Places): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'attackers.ts'), [JSON.stringify(at)], {
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

async function watch({ solo, exporter }: Ports, milliseconds: number): Promise<Phase> {
  const urlOf = (port: number): string => `http://127.0.0.1:${port}`
  const before = await skippedOf(urlOf(solo))
  let lag = 0
  const scrapes = everySecond(names, (name) => probeOnce(urlOf(exporter), name))
  const checks = new Map<string, number>()
  let failed = 0
  const polls = everySecond(['solo', 'exporter'], async (which) => {
    const metrics = await ask(`${urlOf(which === 'solo' ? solo : exporter)}/metrics`)
    lag = Math.max(lag, valueOf(metrics, 'probity_event_loop_lag_seconds'))
    if (which !== 'solo') return 0
    const { targets } = JSON.parse(await ask(`${urlOf(solo)}/api/v1/targets`)) as Overview
    for (const { name, last } of targets) {
      if (!last || !names.includes(name) || checks.has(`${name} ${last.at}`)) continue
      checks.set(`${name} ${last.at}`, last.durationSeconds * 1000)
      if (!last.success) failed++
    }
    return 0
  })
  await wait(milliseconds)
  const [seen] = await Promise.all([scrapes.stop(), polls.stop()])
  return {
    scrapes: seen,
    checks: { times: [...checks.values()], failed },
    lagMs: lag * 1000,
    skipped: (await skippedOf(urlOf(solo))) - before,
  }
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

function compared(alone: Phase, siege: Phase, afterwards: Phase): Measurement[] {
  const phases = [
    ['alone', alone] as const,
    ['under siege', siege] as const,
    ['afterwards', afterwards] as const,
  ]
  const kinds = ['scrapes', 'checks'] as const
  return [
    ...kinds.flatMap((kind) =>
      phases.flatMap(([when, phase]) => [
        { what: `${kind} ${when}: number`, value: phase[kind].times.length, unit: kind },
        { what: `${kind} ${when}: failed`, value: phase[kind].failed, unit: kind },
        { what: `${kind} ${when}: median`, value: percentile(phase[kind].times, 0.5), unit: 'ms' },
        { what: `${kind} ${when}: p99`, value: percentile(phase[kind].times, 0.99), unit: 'ms' },
      ]),
    ),
    ...kinds.map((kind) => ({
      what: `${kind}: p99 under siege, times that alone`,
      value: percentile(siege[kind].times, 0.99) / percentile(alone[kind].times, 0.99),
      unit: 'x',
    })),
    ...phases.flatMap(([when, { lagMs, skipped }]) => [
      { what: `event loop ${when}: longest delay`, value: lagMs, unit: 'ms' },
      { what: `checks left out ${when}`, value: skipped, unit: 'checks' },
    ]),
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
