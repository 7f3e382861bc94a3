import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Measurement } from './run.ts'

const targetCount = 2000
const intervalSeconds = 10

/** What the program that is measured sends when it has ended. */
export interface SoloFigures {
  readonly begun: number
  readonly lateMs: { readonly p50: number; readonly p99: number; readonly max: number }
  readonly maxRssMiB: number
  readonly cpuSeconds: number
  readonly seconds: number
  readonly skipped: number
  readonly failed: number
}

/**
 * `probity solo` with 2,000 targets at 10 s against a server on this machine, in a process of its own, for 5 minutes
 * (PROBITY_BENCH_SECONDS), after a start that is not counted.
 */
export async function soloBenchmark(): Promise<Measurement[]> {
  const server = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const program = join(fileURLToPath(new URL('.', import.meta.url)), 'solo-program.ts')
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      program,
      `http://127.0.0.1:${port}/`,
      String(targetCount),
      String(intervalSeconds),
      process.env.PROBITY_BENCH_SECONDS ?? '300',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  await once(child, 'exit')
  server.close()
  server.closeAllConnections()
  const figures = JSON.parse(output) as SoloFigures
  const measured = (what: string, value: number, unit: string): Measurement => ({
    what: `${targetCount} targets every ${intervalSeconds} s: ${what}`,
    value,
    unit,
  })
  return [
    measured('checks begun', figures.begun, 'checks'),
    measured('checks skipped', figures.skipped, 'checks'),
    measured('checks failed', figures.failed, 'checks'),
    measured('schedule error, median', figures.lateMs.p50, 'ms'),
    measured('schedule error, p99', figures.lateMs.p99, 'ms'),
    measured('schedule error, worst', figures.lateMs.max, 'ms'),
    measured('resident memory, most', figures.maxRssMiB, 'MiB'),
    measured('CPU', (100 * figures.cpuSeconds) / figures.seconds, '% of one core'),
  ]
}
