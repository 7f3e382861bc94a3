import { isIPv6 } from 'node:net'
import { runCommand } from '../../../lib/io/run-command.ts'
import { cut, plainText } from '../../../lib/text/text.ts'
import type { Clock } from '../../../lib/time/clock.ts'
import { createSlots } from '../../../lib/time/slots.ts'
import { readHops, routeWords } from './hops.ts'

/** The way to an address, as a program of the system has found it. */
export interface Trace {
  readonly at: Date
  readonly address: string
  /** How far it leads, in one sentence; or why nobody knows. */
  readonly words: string
  /** What the program has printed. */
  readonly lines: readonly string[]
}

export interface TracerOptions {
  readonly clock: Pick<Clock, 'now'>
  /** The environment, for its PATH. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv
  /** Programs that may run at the same time; more wait for their turn. Default 2. */
  readonly maxRunning?: number
  /** Milliseconds for one, with the time in which it waits. Default 30 s. */
  readonly maxMs?: number
}

/** Finds the way to an IP address. Nothing where there was no time for it. */
export type Tracer = (address: string, signal: AbortSignal) => Promise<Trace | undefined>

const maxOutputBytes = 8 * 1024
const maxLines = 64
const maxLine = 200

/** What is tried in turn: one packet for each hop, names left as they are. */
const programs: readonly ((address: string) => string[])[] = [
  (address) => [
    'traceroute',
    ...(isIPv6(address) ? ['-6'] : []),
    '-n',
    '-q',
    '1',
    '-w',
    '2',
    '-m',
    '30',
    address,
  ],
  (address) => ['tracepath', ...(isIPv6(address) ? ['-6'] : []), '-n', '-m', '30', address],
]

/** Makes a tracer: a process without privileges may not send such packets, but these programs may. */
export function createTracer({
  clock,
  env = process.env,
  maxRunning = 2,
  maxMs = 30_000,
}: TracerOptions): Tracer {
  const slots = createSlots(maxRunning)

  async function trace(address: string, signal: AbortSignal): Promise<Trace> {
    const at = new Date(clock.now())
    for (const commandLine of programs) {
      const { failure, output } = await runCommand(commandLine(address), {
        env: { PATH: env['PATH'], LC_ALL: 'C' },
        timeoutMs: maxMs,
        killAfterMs: 50,
        maxOutputBytes,
        signal,
      })
      if (failure?.kind === 'not_started') continue
      const lines = plainText(output)
        .split('\n')
        .map((line) => cut(line.trimEnd(), maxLine))
        .filter((line) => line !== '')
        .slice(0, maxLines)
      const hops = readHops(lines)
      // Without a network it prints why.
      const words = hops.length === 0 ? `no way to ${address} was found` : routeWords(address, hops)
      return { at, address, words, lines }
    }
    const words = `the way to ${address} was not traced: this machine has neither traceroute nor tracepath`
    return { at, address, words, lines: [] }
  }

  return async (address, stopped) => {
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(maxMs)])
    const release = await slots.take(signal)
    if (!release) return undefined
    try {
      return await trace(address, signal)
    } finally {
      release()
    }
  }
}
