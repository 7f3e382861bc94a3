import type { ProbeContext } from '../../net/attempt.ts'
import type { Failure } from '../../net/failure.ts'
import type { HttpCheck } from './schema.ts'
import { systemClock } from '../../lib/time/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import { untilAborted } from '../../lib/time/until-aborted.ts'
import { CookieJar } from './exchange/cookies.ts'
import { ProbeFailure } from '../../net/failure.ts'
import { judge } from './answer/answer.ts'
import { createBodyJudge } from './body/judge.ts'
import type { BodyJudge } from './body/question.ts'
import { HttpEvidence } from './evidence.ts'
import type { Exchange } from './exchange/http1.ts'
import { headerValue, headerValues } from './headers.ts'
import { send } from './hop.ts'
import type { ProxyEnvironment } from '../../net/proxy/proxy.ts'
import { isToBeFollowed, leadsElsewhere, maxRedirects, redirected } from './redirects.ts'
import { firstRequest, shownUrl, type HttpRequest } from './exchange/request.ts'
import type { Harvest, HttpRun } from './run.ts'
import { isTraced, Trace } from './trace.ts'
import type { ProbeResult } from '../result.ts'
import { systemLookup, type Lookup } from '../../net/resolve.ts'
import { Sockets } from '../../net/sockets.ts'
import { createTrustStore, type TrustStore } from '../../net/tls/trust-store.ts'
import { gainAccess } from './access/access.ts'
import { DigestAccess } from './access/digest/digest.ts'
import { addCredential, configuredCredentials, type Credentials } from './access/credentials.ts'
import { TokenStore } from './access/token-store.ts'

export interface HttpProberOptions {
  /** PEM certificates of the authorities to trust. Default: those that Node.js trusts. */
  readonly authorities?: readonly string[]
  /** Default: getaddrinfo. */
  readonly lookup?: Lookup
  /** Where `proxy: env` looks. Default: this process's. */
  readonly env?: ProxyEnvironment
  /** Default: one that judges small bodies at once and others in its own threads. */
  readonly judgeBody?: BodyJudge
}

/** What a request of several gets from the others, and gives to them. */
export interface HttpSharing {
  readonly cookies: CookieJar
  readonly harvest: Harvest
  readonly trace: Trace
}

/** Without `sharing`, a request stands alone. */
export type HttpProber = (
  check: HttpCheck,
  context: ProbeContext,
  sharing?: HttpSharing,
) => Promise<ProbeResult>

/**
 * Makes a prober that sends one HTTP request over its own connection and judges what comes back. The phases, and
 * what they add up over redirects, are those of blackbox_exporter.
 */
export function createHttpProber(options: HttpProberOptions = {}): HttpProber {
  const { authorities, lookup = systemLookup, env = process.env, judgeBody = createBodyJudge() } = options
  const trust = createTrustStore(authorities)
  const tokens = new TokenStore()
  return async (check, context, sharing) => {
    // Making a trust takes a while, once, which is not to look like slowness of the target.
    const credentials = credentialsOf(check, trust)
    const clock = context.clock ?? systemClock
    const began = clock.monotonic()
    const evidence = new HttpEvidence(new Date(clock.now()), check.url)
    evidence.credentials = credentials
    if (check.expect.cel.length > 0) evidence.failedDueToCel = false
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
      tokens,
      judgeBody,
      env,
      ...(isTraced(check) && { trace: sharing?.trace ?? new Trace() }),
      ...(sharing && { harvest: sharing.harvest }),
    }
    const finish = (failure: Failure | undefined): ProbeResult =>
      evidence.result(clock.monotonic(), (clock.monotonic() - began) / 1000, evidence.verdict ?? failure)
    try {
      context.signal.throwIfAborted()
      return finish(await untilAborted(sockets.guard.watch(probe(run)), context.signal))
    } catch (error) {
      return finish(failureOf(error, run))
    } finally {
      sockets.end()
    }
  }
}

/** Problems with the files of `tls:` are reported when they are needed. */
function credentialsOf(check: HttpCheck, trust: TrustStore): Credentials {
  const credentials = configuredCredentials(check)
  if (check.url.protocol !== 'https:') return credentials
  try {
    const { client } = trust(check.tls)
    if (client) addCredential(credentials, 'mtls', client)
  } catch (error) {
    if (!(error instanceof ProbeFailure)) throw error
  }
  return credentials
}

/** The prober of `url:` targets. */
export const probeHttp = createHttpProber()

function failureOf(error: unknown, { context: { signal }, evidence, sockets }: HttpRun): Failure {
  if (signal.aborted)
    return { reason: 'timeout', message: `${messageOf(signal.reason)} while ${evidence.doing}` }
  if (!(error instanceof ProbeFailure)) throw error
  const { reason, message } = sockets.explain(error)
  return { reason, message }
}

async function probe(run: HttpRun): Promise<Failure | undefined> {
  const { auth } = run.check
  const access = auth?.type === 'oauth2' ? await gainAccess(auth, run) : undefined
  const digest = auth?.type === 'digest' ? new DigestAccess(auth, run.check.url) : undefined
  let request = firstRequest(run.check, access?.token)
  for (;;) {
    request = digest?.sign(request) ?? request
    const answer = await send(request, run)
    if (request.headers['authorization'] !== undefined) access?.answered(answer.statusCode)
    run.cookies.store(request.url, headerValues(answer.headers, 'set-cookie'), run.clock.now())
    const challenge = digest?.challenged(request, answer)
    if (challenge) {
      const { algorithm = 'MD5', stale } = challenge
      run.context.log.add('challenged', { scheme: 'Digest', algorithm, stale })
      run.sockets.close()
      continue
    }
    const location = headerValue(answer.headers, 'location')
    if (leadsElsewhere(request.url, answer.statusCode, location)) run.evidence.redirectsReceived++
    if (!isToBeFollowed(answer.statusCode, location, run.check)) return judge(answer, request, run)
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
