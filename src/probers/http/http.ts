import type { HttpCheck } from '../../config/checks/http.ts'
import { systemClock } from '../../lib/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import { CookieJar } from './cookies.ts'
import { ProbeFailure } from '../failure.ts'
import { judge } from './answer.ts'
import { HttpEvidence } from './evidence.ts'
import type { Exchange } from './exchange.ts'
import { headerValue, headerValues } from './headers.ts'
import { send } from './hop.ts'
import { isRedirect, maxRedirects, redirected } from './redirects.ts'
import { firstRequest, shownUrl, type HttpRequest } from './request.ts'
import type { Harvest, HttpRun } from './run.ts'
import type { Failure, ProbeContext, ProbeResult } from '../prober.ts'
import { systemLookup, type Lookup } from '../resolve.ts'
import { Sockets } from '../sockets.ts'
import { createTrustStore } from '../trust-store.ts'

export interface HttpProberOptions {
  /** PEM certificates of the authorities to trust. Default: those that Node.js trusts. */
  readonly authorities?: readonly string[]
  /** Default: getaddrinfo. */
  readonly lookup?: Lookup
}

/** What a request of several gets from the others, and gives to them. */
export interface HttpSharing {
  readonly cookies: CookieJar
  readonly harvest: Harvest
}

/** Without `sharing`, a request stands alone. */
export type HttpProber = (
  check: HttpCheck,
  context: ProbeContext,
  sharing?: HttpSharing,
) => Promise<ProbeResult>

/**
 * Makes a prober that sends one HTTP request over a connection of its own and judges what comes back. The phases, and
 * what they add up over redirects, are those of blackbox_exporter.
 */
export function createHttpProber(options: HttpProberOptions = {}): HttpProber {
  const { authorities, lookup = systemLookup } = options
  const trust = createTrustStore(authorities)
  return async (check, context, sharing) => {
    if (check.url.protocol === 'https:') warmUp(() => trust(check.tls))
    const clock = context.clock ?? systemClock
    const began = clock.monotonic()
    const evidence = new HttpEvidence(new Date(clock.now()), check.url)
    const sockets = new Sockets()
    const run: HttpRun = {
      check,
      context,
      clock,
      evidence,
      sockets,
      cookies: sharing?.cookies ?? new CookieJar(),
      lookup,
      trust,
      ...(sharing && { harvest: sharing.harvest }),
    }
    const finish = (failure: Failure | undefined): ProbeResult =>
      evidence.result(clock.monotonic(), (clock.monotonic() - began) / 1000, evidence.verdict ?? failure)
    try {
      context.signal.throwIfAborted()
      return finish(await untilAborted(probe(run), context.signal))
    } catch (error) {
      return finish(failureOf(error, run))
    } finally {
      sockets.end()
    }
  }
}

/**
 * Making a trust takes a while, once, which is not to look like slowness of the target. What is wrong with it is told when it
 * is needed.
 */
function warmUp(make: () => unknown): void {
  try {
    make()
  } catch (error) {
    if (!(error instanceof ProbeFailure)) throw error
  }
}

/** The prober of `url:` targets. */
export const probeHttp = createHttpProber()

/** A step may take its time to notice that the probe is over: a thread that resolves a name cannot be told. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort)
    })
  })
}

function failureOf(error: unknown, { context: { signal }, evidence }: HttpRun): Failure {
  if (signal.aborted)
    return { reason: 'timeout', message: `${messageOf(signal.reason)} while ${evidence.doing}` }
  if (error instanceof ProbeFailure) return { reason: error.reason, message: error.message }
  throw error
}

async function probe(run: HttpRun): Promise<Failure | undefined> {
  let request = firstRequest(run.check)
  for (;;) {
    const answer = await send(request, run)
    run.cookies.store(request.url, headerValues(answer.headers, 'set-cookie'), run.clock.now())
    if (!run.check.followRedirects || !isRedirect(answer.statusCode)) return judge(answer, request, run)
    request = follow(request, answer, run)
  }
}

function follow(request: HttpRequest, answer: Exchange, run: HttpRun): HttpRequest {
  const { evidence, context, sockets } = run
  const { statusCode, headers } = answer
  if (evidence.redirects === maxRedirects) {
    throw new ProbeFailure(
      'redirect',
      `more than ${maxRedirects} redirects, the last from ${shownUrl(request.url)}`,
    )
  }
  const next = redirected(request, statusCode, headerValue(headers, 'location'))
  evidence.redirects++
  sockets.close()
  context.log.add('redirected', { to: shownUrl(next.url), headersWithheld: next.withheld })
  return next
}
