import { spawn, type ChildProcess } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { boundedOutput } from './bounded-output.ts'
import { diesWithUs, hasEnded } from './reaper.ts'
import { codeOf, messageOf } from '../errors.ts'
import { untilAborted } from '../time/until-aborted.ts'
import { within } from '../time/within.ts'

/** A string is given to `/bin/sh -c`; a list is executed as it is, the program first. */
export type CommandLine = string | readonly string[]

export interface RunCommandOptions {
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where it runs. Default: where this process runs. */
  readonly cwd?: string | undefined
  /** An absolute path without line breaks: a folder that is removed if this process is killed meanwhile. Default: none. */
  readonly folder?: string | undefined
  /** Milliseconds until its process group is asked to end (SIGTERM). */
  readonly timeoutMs: number
  /** Milliseconds from then until it is killed (SIGKILL). Default 2,000. */
  readonly killAfterMs?: number
  /** Bytes of its output that are kept. Default 64 KiB. */
  readonly maxOutputBytes?: number
  /**
   * What happens to processes that it leaves behind when it ends in time; those that are left can no longer print. Default
   * `kill`.
   */
  readonly background?: 'kill' | 'leave'
  /** The user and the group that it runs as, which takes the right to change them. Supplementary groups are dropped. */
  readonly uid?: number | undefined
  readonly gid?: number | undefined
  /** Ends it early, in the same way as the timeout. */
  readonly signal?: AbortSignal
}

/** Why a command did not succeed. */
export interface CommandFailure {
  readonly kind: 'not_started' | 'exit' | 'signal' | 'timeout' | 'aborted'
  /** Such as `exited with code 1`. */
  readonly message: string
}

/** What became of a command. */
export interface CommandOutcome {
  /** Absent when it ended with code 0. */
  readonly failure?: CommandFailure
  /** Absent when it did not end by itself. */
  readonly exitCode?: number
  /** stdout and stderr as they came, the middle left out where they are long. */
  readonly output: string
  /** Bytes of the whole output. */
  readonly outputBytes: number
  readonly durationSeconds: number
}

/** Time for the last bytes to be read once the process is gone and something else still holds its output open. */
const drainMs = 250

/** Time for the kernel to take a killed process away. */
const deathMs = 1000

/**
 * Runs a command in its own process group, with nothing to read on stdin, and waits for it. If this process is killed meanwhile,
 * the group is too. Whatever happens to the command is in the outcome: this never rejects.
 */
export async function runCommand(command: CommandLine, options: RunCommandOptions): Promise<CommandOutcome> {
  const started = performance.now()
  const output = boundedOutput(options.maxOutputBytes ?? 64 * 1024)
  const done = (failure: CommandFailure | undefined, exitCode?: number): CommandOutcome => ({
    ...(failure && { failure }),
    ...(exitCode !== undefined && { exitCode }),
    output: output.text(),
    outputBytes: output.bytes(),
    durationSeconds: (performance.now() - started) / 1000,
  })
  if (options.signal?.aborted) return done({ kind: 'aborted', message: 'was not started: cancelled' })

  let child: ChildProcess
  try {
    child = await start(command, options)
  } catch (error) {
    return done({ kind: 'not_started', message: await whyNotStarted(command, options.cwd, error) })
  }
  for (const pipe of [child.stdout, child.stderr]) {
    pipe?.on('data', output.add)
    // A pipe that breaks has said all that it will say.
    pipe?.on('error', () => undefined)
  }

  const { pid } = child
  if (pid !== undefined) diesWithUs(pid, options.folder)
  const closed = event(child, 'close')
  const exited = event(child, 'exit')
  const cutOff = await endedOrCutOff(exited, options)
  if (cutOff !== undefined || options.background !== 'leave') {
    await endGroup(child, cutOff === undefined ? 0 : (options.killAfterMs ?? 2000))
  }
  if (pid !== undefined) hasEnded(pid)
  // A process that hangs in the kernel does not even die: it must not hold up anybody else.
  await within(exited, deathMs, () => undefined)
  await within(closed, drainMs, () => undefined)
  child.unref()
  child.stdout?.destroy()
  child.stderr?.destroy()
  return done(cutOff ?? failureOf(child), cutOff === undefined ? (child.exitCode ?? undefined) : undefined)
}

function start(command: CommandLine, options: RunCommandOptions): Promise<ChildProcess> {
  const [program = '', ...args] = typeof command === 'string' ? ['/bin/sh', '-c', command] : command
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...options.env },
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      ...(options.uid !== undefined && { uid: options.uid }),
      ...(options.gid !== undefined && { gid: options.gid }),
    })
    child.once('spawn', () => {
      resolve(child)
    })
    // Kept for good: an error that nobody listens to would end this process.
    child.on('error', reject)
  })
}

/** The system says ENOENT of a missing program and of a missing folder alike. */
async function whyNotStarted(command: CommandLine, cwd: string | undefined, error: unknown): Promise<string> {
  const program = typeof command === 'string' ? '/bin/sh' : (command[0] ?? '')
  if (cwd !== undefined && !(await isFolder(cwd))) return `cannot be started: there is no folder ${cwd}`
  const why: Readonly<Record<string, string>> = {
    ENOENT: `there is no program ${program}`,
    EACCES: `${program} is not executable`,
    E2BIG: 'its arguments and its environment are too long',
    EPERM: 'this process may not become that user or group',
  }
  return `cannot be started: ${why[codeOf(error) ?? ''] ?? messageOf(error)}`
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}

function event(child: ChildProcess, name: 'close' | 'exit'): Promise<undefined> {
  return new Promise((resolve) => {
    child.once(name, () => {
      resolve(undefined)
    })
  })
}

/** Returns nothing once it has ended by itself, or why it must be ended now. */
async function endedOrCutOff(
  exited: Promise<undefined>,
  { timeoutMs, signal }: RunCommandOptions,
): Promise<CommandFailure | undefined> {
  const ended = within(exited, timeoutMs, (): CommandFailure => {
    return { kind: 'timeout', message: `did not finish within ${timeoutMs / 1000} s` }
  })
  if (!signal) return ended
  return untilAborted(ended, signal).catch((): CommandFailure => {
    return { kind: 'aborted', message: 'was killed: cancelled' }
  })
}

/** Ends whatever is left of the group: gently first, unless there is no time to wait. */
async function endGroup({ pid }: ChildProcess, killAfterMs: number): Promise<void> {
  if (pid === undefined) return
  if (killAfterMs > 0 && signalGroup(pid, 'SIGTERM')) {
    const deadline = performance.now() + killAfterMs
    while (performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      if (!signalGroup(pid, 0)) return
    }
  }
  signalGroup(pid, 'SIGKILL')
}

/** Returns false when nobody is left. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal)
    return true
  } catch {
    return false
  }
}

function failureOf({ exitCode, signalCode }: ChildProcess): CommandFailure | undefined {
  if (exitCode === 0) return undefined
  if (exitCode !== null) return { kind: 'exit', message: `exited with code ${exitCode}` }
  return { kind: 'signal', message: `was killed by ${signalCode ?? 'a signal'}` }
}
