import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { listenHttp } from '../src/lib/http/listen.ts'
import type { Measurement } from './run.ts'
import type { SlowResolversReport } from './slow-resolvers-probes.ts'

/** What 20 targets whose names never resolve do to the probes of healthy ones. */
export async function slowResolversBenchmark(): Promise<Measurement[]> {
  const { alone, alongside, failed } = await measureSlowResolvers(2000)
  const before = percentile99(alone)
  const after = percentile99(alongside)
  return [
    { what: 'p99 of healthy probes by themselves', value: before * 1000, unit: 'ms' },
    {
      what: 'p99 of healthy probes alongside 20 that hang in name resolution',
      value: after * 1000,
      unit: 'ms',
    },
    { what: 'times the first', value: after / before, unit: 'x ' },
    { what: 'healthy probes that failed', value: failed, unit: '  ' },
  ]
}

/**
 * Runs the probes in their own process, whose threads really are blocked: $HOSTALIASES names a FIFO, which getaddrinfo
 * opens for a name without dots and then waits at for a writer. The healthy server goes by the name of localhost, so its
 * probes need threads of the same pool.
 *
 * @param threads Size of libuv's pool. Default: what bin/probity.cjs sets.
 */
export async function measureSlowResolvers(count: number, threads?: number): Promise<SlowResolversReport> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-slow-resolvers-'))
  const fifo = join(folder, 'aliases')
  await promisify(execFile)('mkfifo', [fifo])
  const server = await listenHttp((_request, response) => response.end('ok'), { host: '127.0.0.1', port: 0 })
  const script = join(import.meta.dirname, 'slow-resolvers-probes.ts')
  const url = server.url.replace('127.0.0.1', 'localhost')
  const child = spawn(process.execPath, ['--import', 'tsx', script, url, fifo, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      HOSTALIASES: fifo,
      UV_THREADPOOL_SIZE: String(threads ?? (await configuredThreads())),
    },
  })
  const exited = once(child, 'exit')
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      return JSON.parse(line) as SlowResolversReport
    }
    throw new Error('the probes ended without a report')
  } finally {
    // At its end Node.js waits for the threads of the pool, so it would never come to an end by itself.
    child.kill('SIGKILL')
    await exited
    await server.stop()
    await rm(folder, { recursive: true })
  }
}

async function configuredThreads(): Promise<number> {
  const bin = await readFile(join(import.meta.dirname, '../bin/probity.cjs'), 'utf8')
  const match = /UV_THREADPOOL_SIZE \?\?= '(\d+)'/.exec(bin)
  if (!match) throw new Error('bin/probity.cjs does not set UV_THREADPOOL_SIZE')
  return Number(match[1])
}

function percentile99(seconds: readonly number[]): number {
  const sorted = seconds.toSorted((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? NaN
}
