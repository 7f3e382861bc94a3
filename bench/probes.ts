import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts, startProgram, untilReady, type Program } from '../scripts/stack/process.ts'
import { startNginx, type Nginx } from './nginx.ts'
import type { Measurement } from './run.ts'

/** So many that no result is served twice within the time for which it is fresh. */
const targetCount = 6000
const connections = 32
const rounds = 3
/** Rounds that do not count: Node.js compiles what it has run a few thousand times. */
const warmUpRounds = 2
const roundMs = 4000

/** One of the two programs that are compared. */
interface Contestant {
  readonly name: string
  readonly program: Program
  /** The URL of the n-th probe. */
  readonly probe: (n: number) => string
}

interface Round {
  /** Microseconds of user and system time. */
  readonly cpu: number
  readonly perSecond: number
  readonly failed: number
}

type Case = 'http' | 'https' | 'verified https'

/**
 * What a probe costs, side by side with blackbox_exporter: both ask the same nginx in turns, by full handshakes. Needs nginx, openssl and
 * blackbox_exporter, under the name in `BBE`.
 */
export async function probesBenchmark(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-probes-'))
  const ports = await freePorts(['http', 'https', 'ours', 'theirs'])
  const nginx = await startNginx(folder, ports)
  try {
    const found: Measurement[] = []
    for (const which of ['http', 'https', 'verified https'] as const) {
      found.push(...(await compare(which, folder, ports, nginx)))
    }
    return found
  } finally {
    await nginx.stop()
    await rm(folder, { recursive: true })
  }
}

type Ports = Readonly<Record<'http' | 'https' | 'ours' | 'theirs', number>>

async function compare(which: Case, folder: string, ports: Ports, nginx: Nginx): Promise<Measurement[]> {
  const contestants = await startBoth(which, folder, ports, nginx)
  try {
    const results = new Map<string, Round[]>(contestants.map(({ name }) => [name, []]))
    for (let round = 0; round < warmUpRounds + rounds; round++) {
      for (const contestant of contestants) {
        const result = await measure(contestant)
        if (round >= warmUpRounds) results.get(contestant.name)?.push(result)
      }
    }
    const medians = contestants.map(({ name }) => ({ name, ...medianOf(results.get(name) ?? []) }))
    const [ours, theirs] = medians
    return [
      ...medians.flatMap(({ name, cpu, perSecond, failed }) => [
        { what: `CPU per ${which} probe, ${name}`, value: cpu, unit: 'us' },
        { what: `${which} probes per second, ${name}`, value: perSecond, unit: '/s' },
        { what: `${which} probes that failed, ${name}`, value: failed, unit: '  ' },
      ]),
      { what: `${which}: times the CPU`, value: (ours?.cpu ?? NaN) / (theirs?.cpu ?? NaN), unit: 'x ' },
    ]
  } finally {
    await Promise.all(contestants.map(({ program }) => program.stop()))
  }
}

/** @returns Ours first. */
async function startBoth(
  which: Case,
  folder: string,
  ports: Ports,
  { http, https, caFile }: Nginx,
): Promise<readonly Contestant[]> {
  const url = which === 'http' ? http : https
  const ca = { ca_file: caFile }
  const isVerified = which === 'verified https'
  const tls = which === 'http' ? {} : { tls: isVerified ? ca : { verify: false } }
  const targets = Array.from({ length: targetCount }, (_, n) => ({ name: `b${n}`, url, ...tls }))
  const ourFile = join(folder, 'targets.yml')
  const theirFile = join(folder, 'blackbox.yml')
  await writeFile(ourFile, JSON.stringify({ defaults: { interval: '1s', timeout: '900ms' }, targets }))
  const tls_config = isVerified ? ca : { insecure_skip_verify: true }
  await writeFile(
    theirFile,
    JSON.stringify({ modules: { m: { prober: 'http', timeout: '5s', http: { tls_config } } } }),
  )
  const bin = join(import.meta.dirname, '../bin/probity.cjs')
  const ours = startProgram('probity', process.execPath, [
    ...[bin, 'exporter', '--config.file', ourFile],
    ...['--web.listen-address', `127.0.0.1:${ports.ours}`],
  ])
  const theirs = startProgram('blackbox_exporter', process.env['BBE'] ?? 'prometheus-blackbox-exporter', [
    `--config.file=${theirFile}`,
    `--web.listen-address=127.0.0.1:${ports.theirs}`,
  ])
  await untilReady(ours, `http://127.0.0.1:${ports.ours}/-/ready`)
  await untilReady(theirs, `http://127.0.0.1:${ports.theirs}/-/healthy`)
  const theirProbe = `http://127.0.0.1:${ports.theirs}/probe?module=m&target=${encodeURIComponent(url)}`
  return [
    {
      name: 'Probity',
      program: ours,
      probe: (n) => `http://127.0.0.1:${ports.ours}/probe?target=b${n % targetCount}`,
    },
    { name: 'blackbox_exporter', program: theirs, probe: () => theirProbe },
  ]
}

async function measure({ program, probe }: Contestant): Promise<Round> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const before = await cpuOf(program.pid)
  const began = performance.now()
  let asked = 0
  let answered = 0
  let failed = 0
  const ask = async (): Promise<void> => {
    while (performance.now() - began < roundMs) {
      const text = await textOf(probe(asked++), agent)
      if (!text.includes('\nprobe_success 1\n')) failed++
      answered++
    }
  }
  await Promise.all(Array.from({ length: connections }, ask))
  const seconds = (performance.now() - began) / 1000
  agent.destroy()
  return { cpu: ((await cpuOf(program.pid)) - before) / answered, perSecond: answered / seconds, failed }
}

async function textOf(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => {
        resolve(text)
      })
    }).on('error', reject)
  })
}

/** User and system time of a process, in microseconds; the kernel counts in hundredths of a second. */
async function cpuOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

/** Failures of all rounds are added up. */
function medianOf(results: readonly Round[]): Round {
  const median = (values: readonly number[]): number =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
  return {
    cpu: median(results.map(({ cpu }) => cpu)),
    perSecond: median(results.map(({ perSecond }) => perSecond)),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
  }
}
