import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePorts, startProgram, untilReady, type Program } from '../scripts/stack/process.ts'
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
  await chmod(folder, 0o755)
  const ports = await freePorts(['http', 'https', 'ours', 'theirs'])
  await writeServer(folder, ports.http, ports.https)
  const nginx = startProgram('nginx', 'nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder])
  try {
    await untilReady(nginx, `http://127.0.0.1:${ports.http}/`)
    const found: Measurement[] = []
    for (const which of ['http', 'https', 'verified https'] as const) {
      found.push(...(await compare(which, folder, ports)))
    }
    return found
  } finally {
    await nginx.stop()
    await rm(folder, { recursive: true })
  }
}

type Ports = Readonly<Record<'http' | 'https' | 'ours' | 'theirs', number>>

async function compare(which: Case, folder: string, ports: Ports): Promise<Measurement[]> {
  const contestants = await startBoth(which, folder, ports)
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

async function writeServer(folder: string, http: number, https: number): Promise<void> {
  const [key, cert, temporary] = ['key.pem', 'cert.pem', 'tmp'].map((name) => join(folder, name))
  await mkdir(temporary ?? '')
  await chmod(temporary ?? '', 0o777)
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ...['-keyout', key ?? '', '-out', cert ?? ''],
  ])
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${String(temporary)}/${name};`)
    .join(' ')
  const body = `location / { return 200 "${'a'.repeat(1024)}"; }`
  await writeFile(
    join(folder, 'nginx.conf'),
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 4096; }
http { access_log off; ${paths}
  server { listen 127.0.0.1:${http} backlog=4096; ${body} }
  server { listen 127.0.0.1:${https} ssl backlog=4096; ssl_certificate ${String(cert)}; ssl_certificate_key ${String(key)};
    ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache off; ssl_session_tickets off; ${body} }
}\n`,
  )
}

/** @returns Ours first. */
async function startBoth(which: Case, folder: string, ports: Ports): Promise<readonly Contestant[]> {
  const url = which === 'http' ? `http://127.0.0.1:${ports.http}/` : `https://127.0.0.1:${ports.https}/`
  const ca = { ca_file: join(folder, 'cert.pem') }
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
