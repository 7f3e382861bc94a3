import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../../lib/time/clock.ts'
import { messageOf } from '../../../lib/errors.ts'
import { runCommand, type CommandOutcome, type RunCommandOptions } from '../../../lib/io/run-command.ts'
import { programArguments } from '../../../lib/io/worker.ts'
import { cut, oneLine, plainText } from '../../../lib/text/text.ts'
import { createSlots } from '../../../lib/time/slots.ts'
import type { ProbeContext } from '../../../net/attempt.ts'
import { DeadlineError, ProbeFailure, type Failure } from '../../../net/failure.ts'
import type { ProbeResult, Prober } from '../../result.ts'
import type { StepResult } from '../../transaction/result.ts'
import { files, type Job, type Report } from './job.ts'
import { judge } from './judge.ts'
import { findChromium, findPlaywright } from './programs.ts'
import type { BrowserResult } from './result.ts'
import type { BrowserCheck } from './schema.ts'

export interface BrowserProberOptions {
  /** The environment, for its PATH. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv
  /** Scripts that may run at the same time; more wait for their turn. Default 2. */
  readonly maxRunning?: number
  /** Files next to which playwright-core is looked for, after the script. Default: this one. */
  readonly near?: readonly string[]
}

/** What a script may print; it is shown where the script cannot say anything else. */
const maxOutputBytes = 16 * 1024

/** Bytes of what its process writes down. */
const maxReport = 1024 * 1024
const maxPicture = 512 * 1024

/** What a script gets where nobody knows the deadline. */
const defaultSeconds = 60

/** The share of the time that is left for a picture and for the end of the browser, and its bounds in milliseconds. */
const reserve = { share: 0.2, least: 500, most: 5000 }

/** Of that, what it takes to kill everything, so that the result still says what was seen. */
const killing = { share: 0.1, least: 100, most: 500 }

/** No file of more than 1 GiB, and no core dumps; memory is bounded by node and by Chromium. */
const limits = 'ulimit -c 0; ulimit -f 2097152; exec "$@"'
const heapMb = 256

/**
 * Makes a prober that runs a script with a browser, in a process that gets nothing of this one. At the deadline its whole group is
 * ended, the browser too.
 */
export function createBrowserProber(options: BrowserProberOptions = {}): Prober<BrowserCheck> {
  const { env = process.env, maxRunning = 2, near = [import.meta.url] } = options
  const slots = createSlots(maxRunning)
  return async (check, context) => {
    const clock = context.clock ?? systemClock
    const startedAt = new Date(clock.now())
    const began = clock.monotonic()
    const finish = (failure: Failure | undefined, seen: Partial<ProbeResult> = {}): ProbeResult => ({
      startedAt,
      durationSeconds: (clock.monotonic() - began) / 1000,
      ...seen,
      success: failure === undefined,
      ...(failure && { failure }),
    })
    const leftMs = (): number =>
      (context.timeoutSeconds ?? defaultSeconds) * 1000 - (clock.monotonic() - began)
    const release = await slots.take(context.signal)
    if (!release)
      return finish(late(context, `while waiting for other scripts: at most ${maxRunning} run at a time`))
    const folder = await mkdtemp(join(tmpdir(), 'probity-browser-'))
    try {
      const path = env['PATH'] ?? ''
      const job = {
        script: check.script,
        playwright: findPlaywright([check.script, ...near]),
        program: await findChromium(check.program, path),
        sandbox: check.sandbox,
        browserEnv: { PATH: path, HOME: folder, TMPDIR: folder },
        env: check.env,
        scriptMs: before(reserve, leftMs()),
      } satisfies Job
      refuseRoot(check)
      await writeFile(join(folder, files.job), JSON.stringify(job), { mode: 0o600 })
      context.log.add('running the script', { program: job.program, sandbox: job.sandbox })
      const outcome = await run(folder, {
        env: { ...check.env, PATH: path, HOME: folder, TMPDIR: folder },
        timeoutMs: before(killing, leftMs()),
        signal: context.signal,
      })
      context.log.add('the script has ended', { exitCode: outcome.exitCode ?? 'none' })
      const report = await readReport(folder)
      if (!report) return finish(await withoutReport(outcome, folder, context))
      const failure = judge(report, check)
      return finish(failure, await seenOf(report, failure, folder))
    } catch (error) {
      if (!(error instanceof ProbeFailure)) throw error
      return finish({ reason: error.reason, message: error.message })
    } finally {
      release()
      await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined)
    }
  }
}

/** The prober of `browser:` targets. */
export const probeBrowser = createBrowserProber()

function run(
  folder: string,
  options: Pick<RunCommandOptions, 'env' | 'timeoutMs' | 'signal'>,
): Promise<CommandOutcome> {
  const program = [
    process.execPath,
    `--max-old-space-size=${heapMb}`,
    ...programArguments('runner', import.meta.url),
  ]
  return runCommand(['/bin/sh', '-c', limits, 'sh', ...program, folder], {
    ...options,
    folder,
    killAfterMs: 50,
    maxOutputBytes,
  })
}

/** Milliseconds until so much is left. */
function before({ share, least, most }: typeof reserve, leftMs: number): number {
  return Math.max(1, leftMs - Math.min(most, Math.max(least, leftMs * share)))
}

/** Chromium ends at once, with words that only programmers understand. @throws ProbeFailure */
function refuseRoot({ sandbox }: BrowserCheck): void {
  if (!sandbox || process.getuid?.() !== 0) return
  throw new ProbeFailure(
    'command',
    'the sandbox of Chromium does not work as root: run Probity as another user, or set sandbox: false if you trust the pages',
  )
}

async function readReport(folder: string): Promise<Report | undefined> {
  const bytes = await readBounded(join(folder, files.report), maxReport)
  return bytes && (JSON.parse(bytes.toString()) as Report)
}

async function readBounded(path: string, maxBytes: number): Promise<Buffer | undefined> {
  try {
    return (await stat(path)).size > maxBytes ? undefined : await readFile(path)
  } catch {
    return undefined
  }
}

/** Codes with which Node.js ends: https://nodejs.org/api/process.html#exit-codes */
const exits: Readonly<Record<number, string>> = {
  0: 'the process of the script ended before the script did: process.exit does not belong in it',
  13: 'the script cannot be run: an await outside of its function never ends',
}

/** The process has ended without a word: it was killed at the deadline, or something else has ended it. */
async function withoutReport(
  { failure, output, exitCode }: CommandOutcome,
  folder: string,
  context: ProbeContext,
): Promise<Failure> {
  const step = (await readBounded(join(folder, files.step), 1024))?.toString()
  const where = step === undefined ? '' : `step ${oneLine(plainText(step))}: `
  const { timeoutSeconds = defaultSeconds } = context
  if (failure?.kind === 'timeout')
    return {
      reason: 'timeout',
      message: `${where}${new DeadlineError(timeoutSeconds).message} while running the script: it was killed`,
    }
  if (failure?.kind === 'aborted') return late(context, 'while running the script: it was killed', where)
  const known = exitCode === undefined ? undefined : exits[exitCode]
  if (known !== undefined) return { reason: 'command', message: `${where}${known}` }
  const words = cut(oneLine(plainText(output)).trim(), 300)
  const how = exitCode === undefined ? (failure?.message ?? 'ended') : `ended with exit code ${exitCode}`
  return {
    reason: 'command',
    message: `${where}the process of the script ${how}${words === '' ? '' : `: ${words}`}`,
  }
}

function late({ signal }: ProbeContext, doing: string, where = ''): Failure {
  return { reason: 'timeout', message: `${where}${messageOf(signal.reason)} ${doing}` }
}

async function seenOf(
  report: Report,
  failure: Failure | undefined,
  folder: string,
): Promise<Pick<ProbeResult, 'durationSeconds' | 'steps' | 'browser'>> {
  const { seconds, consoleErrors, consoleErrorCount, url } = report
  const [firstError] = consoleErrors
  const picture = failure && (await readBounded(join(folder, files.picture), maxPicture))
  const browser: BrowserResult = {
    consoleErrors: consoleErrorCount,
    ...(firstError !== undefined && { firstError: oneLine(plainText(firstError)) }),
    ...(url !== undefined && { url }),
    ...(picture && { picture }),
  }
  return { durationSeconds: seconds, steps: report.steps.map((step) => stepOf(step, failure)), browser }
}

function stepOf({ name, seconds, error }: Report['steps'][number], failure: Failure | undefined): StepResult {
  const shown = oneLine(plainText(name))
  if (error === undefined) return { name: shown, outcome: 'succeeded', durationSeconds: seconds }
  const reason = failure?.reason ?? 'body'
  const message = cut(oneLine(plainText(error)), 300)
  return { name: shown, outcome: 'failed', durationSeconds: seconds, failure: { reason, message } }
}
