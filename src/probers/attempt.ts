import { systemClock, type Clock } from '../lib/clock.ts'
import { messageOf } from '../lib/errors.ts'
import { untilAborted } from '../lib/until-aborted.ts'
import { ProbeFailure } from './failure.ts'
import type { Failure, HttpPhase, ProbeContext, ProbeResult, ResolveResult, TlsResult } from './prober.ts'
import { Sockets } from './sockets.ts'

/** What a probe over a connection has seen so far, so that whatever ends it, its result tells all there is. */
export class Evidence {
  /** What is going on, as in "no answer within 5s while …". */
  doing = 'starting'
  resolve: ResolveResult | undefined
  tls: TlsResult | undefined
  readonly phases: Partial<Record<HttpPhase, number>> = {}
}

/** Everything that the steps of one probe share. */
export interface Attempt {
  readonly context: ProbeContext
  readonly clock: Clock
  readonly evidence: Evidence
  readonly sockets: Sockets
}

/** What only one kind of check has seen. */
type Details = Pick<ProbeResult, 'dialogue' | 'dns' | 'grpc' | 'websocket' | 'icmp' | 'credentials'>

export interface AttemptOptions {
  /** Does the probe. What it throws as ProbeFailure is a failure too. */
  readonly work: (attempt: Attempt) => Promise<Failure | undefined>
  /** Asked when the probe is over, however it ended. */
  readonly details?: () => Details
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
    return finish(failureOf(error, context.signal, evidence))
  } finally {
    sockets.end()
  }
}

function failureOf(error: unknown, signal: AbortSignal, { doing }: Evidence): Failure {
  if (signal.aborted) return { reason: 'timeout', message: `${messageOf(signal.reason)} while ${doing}` }
  if (error instanceof ProbeFailure) return { reason: error.reason, message: error.message }
  throw error
}
