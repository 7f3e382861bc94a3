import type { Attempt } from '../../net/attempt.ts'
import type { Failure } from '../../net/failure.ts'
import type { IcmpCheck } from './schema.ts'
import { runCommand, type CommandOutcome } from '../../lib/io/run-command.ts'
import { createSlots } from '../../lib/time/slots.ts'
import { attempt } from '../shared/attempt.ts'
import { ProbeFailure } from '../../net/failure.ts'
import type { Prober } from '../result.ts'
import type { IcmpResult } from './result.ts'
import { resolve, usesAddress } from '../../net/reach.ts'
import { systemLookup, type Lookup } from '../../net/resolve.ts'
import { flavourOf, type Flavour } from './flavour.ts'
import { explainSilence, readReply } from './output.ts'

export interface IcmpProberOptions {
  /** The program. Default: ping, as PATH has it. */
  readonly program?: string
  /** The environment, for its PATH. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv
  readonly platform?: NodeJS.Platform
  /** Default: getaddrinfo. */
  readonly lookup?: Lookup
  /** Pings that may run at the same time; more wait for their turn. Default 50. */
  readonly maxRunning?: number
}

/** The deadline is the signal's; this one only has to be later. */
const neverMs = 2 ** 31 - 1

/** Ping writes a dozen lines. */
const maxOutputBytes = 8 * 1024

/** Seconds that ping waits where nobody knows the deadline. */
const defaultWait = 10

/**
 * Makes a prober that sends one echo request, through the system's ping: a process without privileges may not send one
 * itself.
 */
export function createIcmpProber(options: IcmpProberOptions = {}): Prober<IcmpCheck> {
  const { program = 'ping', env = process.env, platform = process.platform } = options
  const { lookup = systemLookup, maxRunning = 50 } = options
  const slots = createSlots(maxRunning)
  let flavour: Flavour | undefined

  const run = (commandLine: readonly string[], signal: AbortSignal): Promise<CommandOutcome> =>
    runCommand(commandLine, {
      // The words of another language could not be read.
      env: { PATH: env['PATH'], LC_ALL: 'C' },
      timeoutMs: neverMs,
      killAfterMs: 50,
      maxOutputBytes,
      signal,
    })

  async function findFlavour({ context: { signal, log } }: Attempt): Promise<Flavour> {
    if (flavour) return flavour
    const { output, failure } = await run([program, '-V'], signal)
    signal.throwIfAborted()
    if (failure?.kind === 'not_started') throw notThere(failure.message)
    flavour = flavourOf(platform, output)
    log.add('ping found', { flavour: flavour.name })
    return flavour
  }

  async function ping(check: IcmpCheck, address: string, shared: Attempt): Promise<IcmpResult | Failure> {
    const { context, clock, evidence } = shared
    const { name, canForbidFragments, commandLine } = await findFlavour(shared)
    if (check.dontFragment && !canForbidFragments) {
      return {
        reason: 'command',
        message: `the ping of this machine (${name}) cannot forbid fragments: install the one from iputils`,
      }
    }
    evidence.doing = `waiting for the echo reply from ${address}`
    // Longer than the deadline, which ends it with its own words.
    const waitSeconds = Math.ceil(context.timeoutSeconds ?? defaultWait) + 1
    const began = clock.monotonic()
    const { output, failure, exitCode } = await run(
      commandLine(program, { ...check, address, waitSeconds }),
      context.signal,
    )
    const seconds = (clock.monotonic() - began) / 1000
    if (failure?.kind === 'not_started') throw notThere(failure.message)
    const reply = failure ? undefined : readReply(output)
    context.log.add('ping has ended', { exitCode: exitCode ?? 'none', reply: reply !== undefined })
    if (reply) return { ...reply, setupSeconds: Math.max(0, seconds - reply.rttSeconds) }
    return explainSilence(output, exitCode ?? -1, address)
  }

  return async (check, context) => {
    let icmp: IcmpResult | undefined
    return attempt(context, {
      details: () => (icmp ? { icmp } : {}),
      work: async (shared) => {
        const [address = ''] = await resolve(check.host, check, lookup, shared)
        usesAddress(shared, address)
        shared.evidence.doing = 'waiting for other pings'
        const release = await slots.take(context.signal)
        if (!release) throw new ProbeFailure('timeout', `${maxRunning} pings may run at a time`)
        try {
          const outcome = await ping(check, address, shared)
          if ('reason' in outcome) return outcome
          icmp = outcome
          return undefined
        } finally {
          release()
        }
      },
    })
  }
}

/** The prober of `icmp:` targets. */
export const probeIcmp = createIcmpProber()

function notThere(message: string): ProbeFailure {
  return new ProbeFailure(
    'command',
    `ping ${message}: install it (on Debian and in Debian-based containers: apt-get install iputils-ping)`,
  )
}
