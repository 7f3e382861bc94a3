import type { ProbeContext } from '../../../net/attempt.ts'
import type { Failure } from '../../../net/failure.ts'
import type { CommandCheck } from './schema.ts'
import { systemClock } from '../../../lib/time/clock.ts'
import { messageOf } from '../../../lib/errors.ts'
import { runCommand, type CommandOutcome, type RunCommandOptions } from '../../../lib/io/run-command.ts'
import { createSlots } from '../../../lib/time/slots.ts'
import { findUser, type SystemUser } from '../../../lib/io/system-user.ts'
import { excerpt, oneLine, plainText } from '../../../lib/text/text.ts'
import type { Prober } from '../../result.ts'

export interface CommandProberOptions {
  /** The environment that commands find. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv
  /** Commands that may run at the same time; more wait for their turn. Default 50. */
  readonly maxRunning?: number
  /** Default: from `/etc/passwd`. */
  readonly findUser?: (nameOrNumber: string) => Promise<SystemUser | undefined>
}

/** The deadline is the signal's; this one only has to be later. */
const neverMs = 2 ** 31 - 1

/** Between the request to end and the end. Short, so that the result still says what was seen. */
const killAfterMs = 50

const maxOutputBytes = 16 * 1024

/**
 * Makes a prober that runs a program and takes its exit code for the verdict. At the deadline the program and whatever it has
 * started are ended, and so is what it leaves behind.
 */
export function createCommandProber(options: CommandProberOptions = {}): Prober<CommandCheck> {
  const { env = process.env, maxRunning = 50, findUser: find = findUser } = options
  const slots = createSlots(maxRunning)
  return async (check, context) => {
    const { signal, log, clock = systemClock } = context
    const waitedSince = clock.monotonic()
    const release = await slots.take(signal)
    const startedAt = new Date(clock.now())
    const began = clock.monotonic()
    const failed = (failure: Failure) => ({
      startedAt,
      durationSeconds: (clock.monotonic() - (release ? began : waitedSince)) / 1000,
      success: false,
      failure,
    })
    if (!release)
      return failed(timedOut(signal, `while waiting for other commands: at most ${maxRunning} run at a time`))
    try {
      const identity = check.user === undefined ? {} : await becoming(check.user, env, find)
      if ('message' in identity) return failed({ reason: 'command', message: identity.message })
      log.add('running the command', { form: typeof check.command === 'string' ? 'shell' : 'exec' })
      const outcome = await runCommand(check.command, {
        ...identity,
        env: { ...env, ...identity.env, ...check.env },
        cwd: check.cwd,
        timeoutMs: neverMs,
        killAfterMs,
        maxOutputBytes,
        signal,
      })
      const { exitCode, output, outputBytes, durationSeconds } = outcome
      log.add('the command has ended', { exitCode: exitCode ?? 'none', outputBytes })
      const failure = failureOf(outcome, context)
      const command = { output, outputBytes, ...(exitCode !== undefined && { exitCode }) }
      return { startedAt, durationSeconds, success: !failure, ...(failure && { failure }), command }
    } finally {
      release()
    }
  }
}

/** The prober of `command:` targets. */
export const probeCommand = createCommandProber()

type Identity = Pick<RunCommandOptions, 'uid' | 'gid'> & { readonly env?: Record<string, string> }

async function becoming(
  nameOrNumber: string,
  env: NodeJS.ProcessEnv,
  find: NonNullable<CommandProberOptions['findUser']>,
): Promise<Identity | { readonly message: string }> {
  const user = await find(nameOrNumber)
  if (!user) return { message: `there is no user ${nameOrNumber} on this machine` }
  const { uid, gid, home: HOME, name: USER } = user
  const own = { ...env, HOME, USER, LOGNAME: USER }
  // A process that already runs as that user needs no right to become it.
  if (process.getuid?.() === uid && uid !== 0) return { env: withoutUnset(own) }
  return { uid, gid, env: withoutUnset(own) }
}

function withoutUnset(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

function timedOut(signal: AbortSignal, doing: string): Failure {
  return { reason: 'timeout', message: `${messageOf(signal.reason)} ${doing}` }
}

const maxShown = 300

function failureOf(
  { failure, exitCode, output }: CommandOutcome,
  { signal }: ProbeContext,
): Failure | undefined {
  if (failure === undefined) return undefined
  if (failure.kind === 'aborted') return timedOut(signal, 'of the command: it was killed')
  const words = oneLine(excerpt(plainText(output), maxShown))
  const what =
    exitCode === undefined
      ? `the command ${failure.message}`
      : `expected exit code 0, the command exited with ${exitCode}`
  return { reason: 'command', message: `${what}${words === '' ? '' : `: ${words}`}` }
}
