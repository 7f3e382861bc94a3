import { execFileSync, fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startProgram, untilReady, freePorts } from '../../scripts/stack/process.ts'
import type { Measurement } from '../run.ts'
import type { Certificate } from './hostile-servers.ts'
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
const warmUpMs = 10_000
const names = Array.from({ length: 20 }, (_, index) => `healthy-${index}`)
const hostileEverySeconds = 5

interface Phase {
  readonly seen: Seen
  /** Milliseconds. */
  readonly stall: number
  readonly memory: number
}

/**
 * An exporter with 20 healthy targets that are probed every second, by themselves and next to 50 hostile ones every 5 s. For a minute
 * each (PROBITY_BENCH_SECONDS). Needs a build and openssl.
 */
export async function hostileBenchmark(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'))
  const healthy = await startHealthy()
  const { child, targets } = await startHostile(folder)
  try {
    const good = healthyTargets(names, healthy.url)
    const alone = await measure(folder, good, [])
    const hostile = targets.map((line) => /name: ([\w-]+)/.exec(line)?.[1] ?? '')
    const next = await measure(folder, good + targets.join(''), hostile)
    return [
      ...figures('alone', alone),
      { what: 'hostile targets', value: hostile.length, unit: '' },
      ...figures('next to them', next),
      {
        what: 'p99 next to them, times that alone',
        value: percentile(next.seen.times, 0.99) / percentile(alone.seen.times, 0.99),
        unit: 'x',
      },
    ]
  } finally {
    const ended = once(child, 'exit')
    child.disconnect()
    await ended
    healthy.stop()
    await rm(folder, { recursive: true })
  }
}

async function startHostile(folder: string): Promise<{ child: ChildProcess; targets: readonly string[] }> {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
      ...['-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  )
  const tls: Certificate = { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') }
  const child = fork(join(import.meta.dirname, 'hostile-servers.ts'), [JSON.stringify(tls)], {
    execArgv: ['--import', 'tsx'],
  })
  const [targets] = (await once(child, 'message')) as [readonly string[]]
  return { child, targets }
}

async function measure(folder: string, targets: string, hostile: readonly string[]): Promise<Phase> {
  const configFile = join(folder, 'targets.yml')
  await writeFile(
    configFile,
    `defaults: { interval: ${hostileEverySeconds}s, timeout: 4s }\ntargets:\n${targets}`,
  )
  const { port } = await freePorts(['port'])
  const url = `http://127.0.0.1:${port}`
  const exporter = startProgram('exporter', process.execPath, [
    ...[join(import.meta.dirname, '../../bin/probity.cjs'), 'exporter', '--config.file', configFile],
    ...['--web.listen-address', `127.0.0.1:${port}`, '--calls.listen-address', '127.0.0.1:0'],
  ])
  try {
    await untilReady(exporter, `${url}/-/ready`)
    let over = false
    const isOver = (): boolean => over
    const attacks = hostile.map(async (name, index) => {
      await wait((hostileEverySeconds * 1000 * index) / hostile.length)
      while (!isOver()) {
        const next = wait(hostileEverySeconds * 1000)
        await ask(`${url}/probe?target=${name}`).catch(() => undefined)
        await next
      }
    })
    const warmUp = everySecond(names, (name) => probeOnce(url, name))
    await wait(warmUpMs)
    await warmUp.stop()
    let stall = 0
    const lag = everySecond(['exporter'], async () => {
      const metrics = await ask(`${url}/metrics`)
      const found = /^probity_event_loop_lag_seconds (\S+)$/m.exec(metrics)?.[1]
      stall = Math.max(stall, 1000 * Number(found))
      return 0
    })
    const probes = everySecond(names, (name) => probeOnce(url, name))
    await wait(seconds * 1000)
    const [seen] = await Promise.all([probes.stop(), lag.stop()])
    over = true
    await Promise.all(attacks)
    const status = await readFile(`/proc/${exporter.pid}/status`, 'utf8').catch(() => '')
    return { seen, stall, memory: Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]) / 1024 }
  } finally {
    await exporter.stop()
  }
}

function figures(when: string, { seen: { times, failed }, stall, memory }: Phase): Measurement[] {
  return [
    { what: `healthy probes ${when}`, value: times.length + failed, unit: 'probes' },
    { what: `healthy probes ${when}: failed or left out`, value: failed, unit: 'probes' },
    { what: `healthy probes ${when}: median`, value: percentile(times, 0.5), unit: 'ms' },
    { what: `healthy probes ${when}: p99`, value: percentile(times, 0.99), unit: 'ms' },
    { what: `healthy probes ${when}: longest`, value: Math.max(...times), unit: 'ms' },
    { what: `event loop ${when}: longest delay`, value: stall, unit: 'ms' },
    { what: `most resident memory ${when}`, value: memory, unit: 'MiB' },
  ]
}
