import { kindOfCheck, type Check } from './index.ts'
import type { ProbeContext, ProbeLog } from '../net/attempt.ts'
import type { Failure } from '../net/failure.ts'
import { systemClock, type Clock } from '../lib/time/clock.ts'
import { messageOf } from '../lib/errors.ts'
import { DeadlineError } from '../net/failure.ts'
import type { ProbeResult, Prober } from './result.ts'

/** A prober for each kind of check, loaded when it is first needed. */
export type ProberTable = {
  readonly [K in Check['kind']]: () => Promise<Prober<Extract<Check, { kind: K }>>>
}

export interface RunProbeOptions {
  /** Seconds that the probe may take. */
  readonly timeoutSeconds: number
  /** Default: the machine's own. */
  readonly clock?: Clock
  /** Ends the probe early, with reason `internal`: nothing was learnt about the target. */
  readonly signal?: AbortSignal
  /** Default: nothing is kept. */
  readonly log?: ProbeLog
  readonly allowAddress?: ProbeContext['allowAddress']
  /** In place of those of Probity. */
  readonly probers?: Partial<ProberTable>
}

/** How long a prober has, once its time is up, to say what it saw until then. */
const graceMs = 100

const silentLog: ProbeLog = { add: () => undefined }

/**
 * Makes one check, within its deadline whatever the prober does. Never rejects: what a prober throws is a bug and
 * becomes a failure with reason `internal`.
 */
export async function runProbe(check: Check, options: RunProbeOptions): Promise<ProbeResult> {
  const { timeoutSeconds, clock = systemClock, log = silentLog, allowAddress } = options
  const startedAt = new Date(clock.now())
  const began = clock.monotonic()
  const failed = (failure: Failure): ProbeResult => ({
    startedAt,
    durationSeconds: (clock.monotonic() - began) / 1000,
    success: false,
    failure,
  })
  let deadline: Deadline | undefined
  try {
    // Before the time counts: code that is loaded for the first time is not the target's fault.
    const probe = await proberOf(check, options.probers)
    deadline = startDeadline(timeoutSeconds, clock, options.signal)
    const { signal } = deadline
    const context = { signal, timeoutSeconds, log, clock, ...(allowAddress && { allowAddress }) }
    const run = probe(check, context)
    const result = await Promise.race([run, deadline.missed])
    if (options.signal?.aborted) return failed(cancelled(options.signal))
    if (!result) return failed({ reason: 'timeout', message: messageOf(signal.reason) })
    // Work that nothing can interrupt holds back the timer, too.
    const late = result.success && clock.monotonic() - deadline.since > timeoutSeconds * 1000 + graceMs
    return late ? overdue(result, timeoutSeconds) : consistent(result)
  } catch (error) {
    log.add('the prober failed, which is a bug in Probity', { error: messageOf(error) })
    return failed({ reason: 'internal', message: messageOf(error) })
  } finally {
    deadline?.clear()
  }
}

/** The tables have for each kind the prober of its checks, which the type of a lookup cannot say. */
function proberOf(check: Check, others: Partial<ProberTable> = {}): Promise<Prober<Check>> {
  return (others[check.kind] ?? kindOfCheck(check).probe)() as Promise<Prober<Check>>
}

interface Deadline {
  readonly signal: AbortSignal
  /** Milliseconds of the monotonic clock at which the time began. */
  readonly since: number
  /** Resolves a moment after the deadline, for a prober that does not heed the signal. */
  readonly missed: Promise<undefined>
  readonly clear: () => void
}

function startDeadline(timeoutSeconds: number, clock: Clock, outer: AbortSignal | undefined): Deadline {
  const controller = new AbortController()
  const { signal } = controller
  const cancel = (): void => {
    controller.abort(outer?.reason)
  }
  let grace: NodeJS.Timeout | undefined
  const missed = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => {
      grace = setTimeout(() => {
        resolve(undefined)
      }, graceMs)
    })
  })
  const timer = setTimeout(() => {
    controller.abort(new DeadlineError(timeoutSeconds))
  }, timeoutSeconds * 1000)
  if (outer?.aborted) cancel()
  else outer?.addEventListener('abort', cancel)
  return {
    signal,
    since: clock.monotonic(),
    missed,
    clear() {
      clearTimeout(timer)
      clearTimeout(grace)
      outer?.removeEventListener('abort', cancel)
    },
  }
}

function cancelled(signal: AbortSignal): Failure {
  return { reason: 'internal', message: `the probe was cancelled: ${messageOf(signal.reason)}` }
}

function overdue(result: ProbeResult, timeoutSeconds: number): ProbeResult {
  const failure: Failure = { reason: 'timeout', message: messageOf(new DeadlineError(timeoutSeconds)) }
  return { ...result, success: false, failure }
}

/** A result that succeeded has no failure, one that failed has: readers may rely on either. */
function consistent(result: ProbeResult): ProbeResult {
  if (result.success === (result.failure === undefined)) return result
  const failure = result.failure ?? {
    reason: 'internal',
    message: 'the prober gave no reason for its failure',
  }
  return { ...result, success: false, failure }
}
