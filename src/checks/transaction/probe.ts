import { expiryOf } from '../../net/tls/result.ts'
import type { ProbeContext, ProbeLog } from '../../net/attempt.ts'
import type { Failure } from '../../net/failure.ts'
import type { HttpCheck } from '../http/schema.ts'
import type { TransactionCheck, TransactionStep } from './schema.ts'
import { systemClock, type Clock } from '../../lib/time/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import { ProbeFailure } from '../../net/failure.ts'
import { CookieJar } from '../http/exchange/cookies.ts'
import { probeHttp, type HttpProber } from '../http/probe.ts'
import { shownUrl } from '../http/exchange/request.ts'
import { Trace } from '../http/trace.ts'
import type { ProbeResult, Prober } from '../result.ts'
import type { StepResult } from './result.ts'
import { stepTime } from './budget.ts'
import { collect } from './capture.ts'
import { fillRequest } from './fill.ts'
import { createMask, heldBack, type Mask } from './mask.ts'
import { failureOfSteps } from './verdict.ts'
import { withinSeconds } from './within.ts'

/** What the steps of one transaction share. */
interface Run {
  readonly check: TransactionCheck
  readonly context: ProbeContext & { readonly log: ProbeLog }
  readonly clock: Clock
  readonly mask: Mask
  readonly probe: HttpProber
  readonly cookies: CookieJar
  readonly trace: Trace
  readonly values: Map<string, string>
  /** Milliseconds of the clock. */
  readonly began: number
}

/** A step that was run, with everything that its request has shown. */
interface Ran {
  readonly step: StepResult
  readonly result: ProbeResult
}

/**
 * Makes a prober that sends the requests of a transaction one after the other, over separate connections but with the
 * same cookies. The first that fails ends it, but for the steps that are always run.
 *
 * @param probe Sends one request.
 */
export function createTransactionProber(probe: HttpProber = probeHttp): Prober<TransactionCheck> {
  return async (check, context) => {
    const clock = context.clock ?? systemClock
    const mask = createMask()
    const log = heldBack(context.log, clock.monotonic, mask)
    const startedAt = new Date(clock.now())
    const began = clock.monotonic()
    const run: Run = {
      check,
      context: { ...context, log },
      clock,
      mask,
      probe,
      cookies: new CookieJar(),
      trace: new Trace(),
      values: new Map(),
      began,
    }
    try {
      const { steps, shown } = await runSteps(run)
      const clean = steps.map((step) => withoutSecrets(step, mask))
      const failure = failureOfSteps(clean)
      const durationSeconds = steps.reduce((sum, step) => sum + (step.durationSeconds ?? 0), 0)
      return {
        ...cleanResult(shown, mask),
        startedAt,
        durationSeconds,
        success: failure === undefined,
        ...(failure && { failure }),
        steps: clean,
      }
    } catch (error) {
      // Its words become those of the result.
      throw new Error(mask.clean(messageOf(error)), { cause: error })
    } finally {
      log.release()
    }
  }
}

/** The prober of `steps:` targets. */
export const probeTransaction = createTransactionProber()

async function runSteps(run: Run): Promise<{ steps: StepResult[]; shown: Partial<ProbeResult> }> {
  const { check, context, values } = run
  const steps: StepResult[] = []
  const ran: Ran[] = []
  let failed: Ran | undefined
  for (const [index, step] of check.steps.entries()) {
    const { name } = step
    const missing = step.needs.filter((variable) => !values.has(variable))
    if (failed && !step.always) steps.push({ name, outcome: 'blocked' })
    else if (missing.length > 0) {
      context.log.add('step skipped', { step: name, 'never captured': missing.join(', ') })
      steps.push({ name, outcome: 'skipped', missing })
    } else {
      const one = await runStep(step, index, failed !== undefined, run)
      ran.push(one)
      steps.push(one.step)
      if (one.step.outcome === 'failed') failed ??= one
    }
  }
  const { result } = failed ?? ran.at(-1) ?? {}
  return { steps, shown: { ...result, ...endingFirst(ran), ...odditiesOf(ran), ...unknownOf(ran) } }
}

async function runStep(step: TransactionStep, index: number, cleaningUp: boolean, run: Run): Promise<Ran> {
  const { check, context, clock, began } = run
  const { timeoutSeconds: total = Infinity } = context
  const left = total - (clock.monotonic() - began) / 1000
  const { seconds, own } = stepTime(check.steps, index, { left, total, cleaningUp })
  const log: ProbeLog = {
    add: (message, fields) => {
      context.log.add(message, { step: step.name, ...fields })
    },
  }
  log.add('step begins', Number.isFinite(seconds) ? { timeoutSeconds: Number(seconds.toFixed(3)) } : {})
  const result = await request(step, seconds, log, run)
  const { failure, http } = result
  const late = failure?.reason === 'timeout' && !own && index > 0
  const explained = late
    ? { ...failure, message: `${failure.message} (all the time that was left for it)` }
    : failure
  log.add(failure ? 'step failed' : 'step succeeded', failure ? { reason: failure.reason } : {})
  return {
    result,
    step: {
      name: step.name,
      outcome: failure ? 'failed' : 'succeeded',
      durationSeconds: result.durationSeconds,
      ...(http && http.statusCode > 0 && { statusCode: http.statusCode }),
      ...(explained && { failure: explained }),
    },
  }
}

async function request(
  step: TransactionStep,
  seconds: number,
  log: ProbeLog,
  run: Run,
): Promise<ProbeResult> {
  const { context, clock, mask, probe, cookies, trace, values } = run
  const startedAt = new Date(clock.now())
  let check: HttpCheck
  try {
    check = fillRequest(step, values)
  } catch (error) {
    if (!(error instanceof ProbeFailure)) throw error
    const failure = { reason: error.reason, message: error.message }
    return { startedAt, durationSeconds: 0, success: false, failure }
  }
  mask.rename(shownUrl(check.url), shownUrl(step.check.url).replace(/%7B%7B(\w+)%7D%7D/g, '{{$1}}'))
  if (check.auth?.type === 'basic' && check.auth !== step.check.auth) {
    mask.hide(`${check.auth.username}:${check.auth.password}`)
  }
  const harvest = collect(step.captures)
  const result = await withinSeconds(context.signal, seconds, (signal) =>
    probe(check, { ...context, signal, log }, { cookies, harvest, trace }),
  )
  // Also of an answer that was not as expected: what it has made must be cleaned up.
  for (const [variable, value] of harvest.values) {
    values.set(variable, value)
    mask.hide(value)
  }
  if (harvest.values.size > 0) log.add('captured', { variables: [...harvest.values.keys()].join(', ') })
  const failure = result.success ? harvest.problem() : undefined
  return failure ? { ...result, success: false, failure } : result
}

/** Of the certificates that were seen, the one that ends first is the one to know of. */
function endingFirst(ran: readonly Ran[]): Pick<ProbeResult, 'tls'> {
  const [tls] = ran.flatMap(({ result }) => result.tls ?? []).sort((a, b) => expiryOf(a) - expiryOf(b))
  return tls ? { tls } : {}
}

function odditiesOf(ran: readonly Ran[]): Pick<ProbeResult, 'oddities'> {
  const oddities = new Set(ran.flatMap(({ result }) => result.oddities ?? []))
  return oddities.size > 0 ? { oddities: [...oddities] } : {}
}

/** The fields that no specification of a step knows. */
function unknownOf(ran: readonly Ran[]): Pick<ProbeResult, 'unknownFields'> {
  const compared = ran.flatMap(({ result }) => result.unknownFields ?? [])
  const unknown = [...new Set(compared)].slice(0, 20)
  return ran.some(({ result }) => result.unknownFields) ? { unknownFields: unknown } : {}
}

function withoutSecrets(step: StepResult, mask: Mask): StepResult {
  if (!step.failure) return step
  const failure: Failure = { ...step.failure, message: mask.clean(step.failure.message) }
  return { ...step, failure }
}

function cleanResult(shown: Partial<ProbeResult>, mask: Mask): Partial<ProbeResult> {
  const { http, unknownFields } = shown
  return {
    ...shown,
    ...(unknownFields && { unknownFields: unknownFields.map(mask.clean) }),
    ...(http && { http: { ...http, finalUrl: mask.clean(http.finalUrl) } }),
  }
}
