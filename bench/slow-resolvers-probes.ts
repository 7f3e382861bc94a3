import { open } from 'node:fs'
import { runProbe } from '../src/checks/run.ts'
import type { HttpCheck } from '../src/checks/http/schema.ts'

/**
 * The process that slow-resolvers.ts measures: probes of healthy targets, first by themselves, then alongside 20 targets
 * whose names never resolve. Its arguments are the URL of a healthy server, a FIFO that nobody writes to, and a number of probes. Prints
 * one line of JSON.
 */
export interface SlowResolversReport {
  /** Which call the blocked threads are in. */
  readonly blockedBy: 'getaddrinfo' | 'open'
  /** Seconds per successful probe. */
  readonly alone: readonly number[]
  readonly alongside: readonly number[]
  /** Healthy probes that failed alongside the hanging ones. */
  readonly failed: number
}

const hangingTargets = 20
const healthyTargets = 10
const timeoutSeconds = 2

function check(url: string): HttpCheck {
  return {
    kind: 'http',
    url: new URL(url),
    method: 'GET',
    headers: {},
    followRedirects: true,
    http2: true,
    traceparent: false,
    ipProtocol: 'auto',
    ipProtocolFallback: true,
    tls: { verify: true },
    expect: {
      status: [{ from: 200, to: 299 }],
      headers: [],
      headersIfPresent: [],
      notHeaders: [],
      versions: [],
      json: [],
      cel: [],
      body: { contains: [], notContains: [], matches: [], notMatches: [] },
      maxBody: 1024,
    },
  }
}

async function probeHealthy(url: string, count: number): Promise<{ seconds: number[]; failed: number }> {
  const seconds: number[] = []
  let failed = 0
  const one = async (): Promise<void> => {
    for (let probe = 0; probe < count / healthyTargets; probe++) {
      const { success, durationSeconds } = await runProbe(check(url), { timeoutSeconds })
      if (success) seconds.push(durationSeconds)
      else failed++
    }
  }
  await Promise.all(Array.from({ length: healthyTargets }, one))
  return { seconds, failed }
}

/** Probes of names that make getaddrinfo read $HOSTALIASES, which is the FIFO: each holds a thread for good. */
async function blockThreads(fifo: string): Promise<SlowResolversReport['blockedBy']> {
  const reasons = await Promise.all(
    Array.from({ length: hangingTargets }, async (_, index) => {
      const { failure } = await runProbe(check(`http://hangs-${index}/`), { timeoutSeconds: 0.5 })
      return failure?.reason
    }),
  )
  if (reasons.every((reason) => reason === 'timeout')) return 'getaddrinfo'
  // Not every libc or nsswitch.conf asks for aliases. To open the FIFO blocks a thread of the same pool.
  for (let index = 0; index < hangingTargets; index++) open(fifo, 'r', () => undefined)
  return 'open'
}

const [url = '', fifo = '', count = '0'] = process.argv.slice(2)
// The first probes are slower: code is loaded and compiled.
await probeHealthy(url, Number(count))
const alone = await probeHealthy(url, Number(count))
const blockedBy = await blockThreads(fifo)
const alongside = await probeHealthy(url, Number(count))
const report: SlowResolversReport = {
  blockedBy,
  alone: alone.seconds,
  alongside: alongside.seconds,
  failed: alongside.failed,
}
process.stdout.write(`${JSON.stringify(report)}\n`)
