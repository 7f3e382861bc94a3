import { systemClock } from '../../lib/time/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import { untilAborted } from '../../lib/time/until-aborted.ts'
import { ProbeFailure, type Failure } from '../../net/failure.ts'
import { Evidence, type Attempt, type ProbeContext } from '../../net/attempt.ts'
import type { Findings, ProbeResult } from '../result.ts'
import { Sockets } from '../../net/sockets.ts'

export interface AttemptOptions {
  /** Does the probe. What it throws as ProbeFailure is a failure too. */
  readonly work: (attempt: Attempt) => Promise<Failure | undefined>
  /** What only this kind of check has seen. Asked when the probe is over, however it ended. */
  readonly details?: () => Findings
}

/** Makes one probe: measures it, ends it at the deadline, and leaves no socket behind. */
export async function attempt(context: ProbeContext, options: AttemptOptions): Promise<ProbeResult> {
  const { work, details } = options
  const clock = context.clock ?? systemClock
  const startedAt = new Date(clock.now())
  const began = clock.monotonic()
  const evidence = new Evidence()
  const sockets = new Sockets()
  const finish = (failure: Failure | undefined): ProbeResult => ({
    startedAt,
    durationSeconds: (clock.monotonic() - began) / 1000,
    success: failure === undefined,
    ...(failure && { failure }),
    ...(evidence.resolve && { resolve: evidence.resolve }),
    phases: { ...evidence.phases },
    ...(evidence.tls && { tls: evidence.tls }),
    ...details?.(),
  })
  try {
    context.signal.throwIfAborted()
    const working = sockets.guard.watch(work({ context, clock, evidence, sockets }))
    return finish(await untilAborted(working, context.signal))
  } catch (error) {
    return finish(failureOf(error, context.signal, evidence, sockets))
  } finally {
    sockets.end()
  }
}

function failureOf(error: unknown, signal: AbortSignal, { doing }: Evidence, sockets: Sockets): Failure {
  if (signal.aborted) return { reason: 'timeout', message: `${messageOf(signal.reason)} while ${doing}` }
  if (!(error instanceof ProbeFailure)) throw error
  const { reason, message } = sockets.explain(error)
  return { reason, message }
}
