import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts, startProgram, untilReady, type Program } from '../scripts/stack/process.ts'
import { root } from '../scripts/stack/shipped-files.ts'
import { startProxy } from './rolling-proxy.ts'
import type { Measurement } from './run.ts'

const probesPerSecond = 200
const datagramsPerSecond = 500
const restarts = 4
/** Longer than the proxy needs to notice, and than the last scrape of the counts. */
const delaySeconds = 5

interface Replica {
  readonly program: Program
  readonly url: string
  readonly callsPort: number
  /** Of the calls that it has counted, as of the last look. */
  counted: number
}

/**
 * Two exporters behind a proxy that, like a Service of Kubernetes, passes on connections and datagrams to those that are
 * ready. One after the other is replaced, under load: what fails or is not counted is lost.
 */
export async function rollingBenchmark(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'))
  const target = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1')
  await once(target, 'listening')
  const { port } = target.address() as AddressInfo
  const configFile = join(folder, 'targets.yml')
  await writeFile(
    configFile,
    JSON.stringify({
      probe: { allow_networks: ['127.0.0.0/8'] },
      targets: Array.from({ length: 50 }, (_, index) => ({
        name: `t${index}`,
        url: `http://127.0.0.1:${port}/${index}`,
        interval: '1s',
        calls: { path: `^/${index}$` },
      })),
    }),
  )
  const replicas: Replica[] = [await startReplica(configFile), await startReplica(configFile)]
  const proxy = await startProxy(() => replicas)
  const load = startLoad(proxy)
  const gone: Replica[] = []
  try {
    for (let restart = 0; restart < restarts; restart++) {
      await sleep(1000)
      replicas.push(await startReplica(configFile))
      const old = replicas[0]!
      const ended = old.program.stop()
      await scrapeUntil(ended, old)
      replicas.shift()
      gone.push(old)
    }
    await load.stop()
    await sleep(500)
    for (const replica of replicas) replica.counted = await countCalls(replica)
    const counted = [...gone, ...replicas].reduce((sum, one) => sum + one.counted, 0)
    const failures = Object.entries(load.failures()).map(([reason, value]) => ({
      what: `probes that failed: ${reason}`,
      value,
      unit: 'probes',
    }))
    return [
      { what: `probes answered, ${restarts} restarts`, value: load.answered(), unit: 'probes' },
      ...failures,
      { what: 'calls passed on over UDP', value: proxy.passedOn(), unit: 'calls' },
      { what: 'calls that no scrape has counted', value: proxy.passedOn() - counted, unit: 'calls' },
    ]
  } finally {
    await load.stop()
    await proxy.stop()
    for (const { program } of replicas) await program.stop()
    target.close()
    target.closeAllConnections()
    await rm(folder, { recursive: true })
  }
}

async function startReplica(configFile: string): Promise<Replica> {
  const { http, calls } = await freePorts(['http', 'calls'])
  const program = startProgram('exporter', process.execPath, [
    join(root, 'bin/probity.cjs'),
    'exporter',
    `--config.file=${configFile}`,
    `--web.listen-address=127.0.0.1:${http}`,
    `--calls.listen-address=127.0.0.1:${calls}`,
    `--web.shutdown-delay=${delaySeconds}s`,
  ])
  const url = `http://127.0.0.1:${http}`
  await untilReady(program, `${url}/-/ready`)
  return { program, url, callsPort: calls, counted: 0 }
}

/** What Prometheus does while an exporter leaves. */
async function scrapeUntil(ended: Promise<void>, replica: Replica): Promise<void> {
  const state = { ended: false }
  const end = ended.then(() => (state.ended = true))
  while (!state.ended) {
    replica.counted = await countCalls(replica).catch(() => replica.counted)
    await sleep(250)
  }
  await end
}

/** Those that were lost before the program could read them are not lost by a restart. */
async function countCalls({ url }: Replica): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const counts = /^(?:api_call_duration_seconds_count|api_call_datagrams_dropped_total)\{.*\} (\d+)$/gm
  return [...text.matchAll(counts)].reduce((sum, [, count]) => sum + Number(count), 0)
}

function startLoad(proxy: { readonly url: string; readonly callsPort: number }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  const socket = createSocket('udp4')
  let answered = 0
  const failures: Record<string, number> = {}
  const fail = (reason: string): void => {
    failures[reason] = (failures[reason] ?? 0) + 1
  }
  let sent = 0
  let index = 0
  const inFlight = new Set<Promise<void>>()
  const probe = (target = index++ % 50): Promise<void> =>
    new Promise((resolve) => {
      const request = get(`${proxy.url}/probe?target=t${target}`, { agent }, (response) => {
        response.resume().on('close', () => {
          if (response.statusCode === 200 && response.complete) answered++
          else fail(response.complete ? `status ${String(response.statusCode)}` : 'answer cut')
          resolve()
        })
      })
      request.on('error', (error: NodeJS.ErrnoException) => {
        // The server closed a connection that was idle: Prometheus asks again on another one, as does every client in Go.
        if (request.reusedSocket && error.code === 'ECONNRESET') {
          resolve(probe(target))
          return
        }
        fail(error.code ?? error.message)
        resolve()
      })
    })
  const started = performance.now()
  let probes = 0
  const timer = setInterval(() => {
    const seconds = (performance.now() - started) / 1000
    for (; probes < seconds * probesPerSecond; probes++) {
      const one = probe().finally(() => inFlight.delete(one))
      inFlight.add(one)
    }
    for (; sent < seconds * datagramsPerSecond; sent++)
      socket.send(
        `2\tGET\thttp://bench.example.com/${sent % 50}\t20\t200\t\tbench\t1\t\n`,
        proxy.callsPort,
        '127.0.0.1',
      )
  }, 5)
  let stopped: Promise<void> | undefined
  async function stop(): Promise<void> {
    clearInterval(timer)
    await Promise.all(inFlight)
    agent.destroy()
    socket.close()
  }
  return { answered: () => answered, failures: () => failures, stop: () => (stopped ??= stop()) }
}
