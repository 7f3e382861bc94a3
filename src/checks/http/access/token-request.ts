import { parseJsonObject } from '../../../lib/text/json.ts'
import type { OAuth2 } from '../settings/auth.ts'
import type { HttpCheck } from '../schema.ts'
import { ProbeFailure } from '../../../net/failure.ts'
import { readBody } from '../answer/body.ts'
import { CookieJar } from '../exchange/cookies.ts'
import { HttpEvidence } from '../evidence.ts'
import { contentCodings } from '../headers.ts'
import { send } from '../hop.ts'
import { jwtLifetime } from './jwt.ts'
import { firstRequest, shownUrl } from '../exchange/request.ts'
import type { HttpRun } from '../run.ts'
import type { AccessToken } from './token-store.ts'

/** Bytes of the answer that are accepted: a token has to fit into a header. */
const maxBody = 64 * 1024

/** The words of RFC 6749, section 5.2. Others are whatever a server likes, and are not repeated. */
const knownErrors = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
])

/**
 * Asks the token endpoint of a check for a token (RFC 6749, section 4.4). It is configured, so that no list of allowed
 * addresses applies to it, and no redirect leads away from it.
 *
 * @throws ProbeFailure for the reasons of any request, `status` for another code than 200, `body` for what is not a token;
 * all of them say that it was the token endpoint.
 */
export async function requestToken(auth: OAuth2, run: HttpRun): Promise<AccessToken> {
  const endpoint = shownUrl(auth.tokenUrl)
  run.evidence.doing = `waiting for a token from ${endpoint}`
  try {
    return await request(auth, run)
  } catch (error) {
    if (!(error instanceof ProbeFailure)) throw error
    throw new ProbeFailure(error.reason, `no token from ${endpoint}: ${error.message}`, { cause: error })
  } finally {
    run.sockets.close()
  }
}

async function request(auth: OAuth2, run: HttpRun): Promise<AccessToken> {
  const { clock, context } = run
  const check = checkOf(auth, run.check)
  const startedAt = clock.now()
  const answer = await send(firstRequest(check), {
    ...run,
    check,
    context: { signal: context.signal, log: context.log },
    evidence: new HttpEvidence(new Date(startedAt), check.url),
    cookies: new CookieJar(),
  })
  const bytes = await readBody(answer.body, {
    codings: contentCodings(answer.headers),
    maxBytes: maxBody,
    keep: true,
    onProgress: () => undefined,
  })
  const token = parseToken(answer.statusCode, bytes.toString(), startedAt / 1000)
  const { expiresAt } = token
  context.log.add('token received', {
    from: shownUrl(auth.tokenUrl),
    ...(expiresAt !== undefined && { lifetimeSeconds: Math.round(expiresAt - token.issuedAt) }),
  })
  return token
}

/** The request for a token, as a check. The name that is asked for is that of the API's host, unless they are the same. */
function checkOf(
  { tokenUrl, clientId, clientSecret, scopes, audience, style }: OAuth2,
  api: HttpCheck,
): HttpCheck {
  const { serverName, ...tls } = api.tls
  const body = new URLSearchParams({ grant_type: 'client_credentials' })
  if (scopes.length > 0) body.set('scope', scopes.join(' '))
  if (audience !== undefined) body.set('audience', audience)
  if (style === 'body') {
    body.set('client_id', clientId)
    body.set('client_secret', clientSecret)
  }
  const [username = '', password = ''] = [clientId, clientSecret].map(encodeURIComponent)
  return {
    kind: 'http',
    url: tokenUrl,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: body.toString(),
    ...(style === 'basic' && { auth: { type: 'basic', username, password } }),
    followRedirects: false,
    http2: api.http2,
    traceparent: api.traceparent,
    ipProtocol: api.ipProtocol,
    ipProtocolFallback: api.ipProtocolFallback,
    ...(api.proxy && { proxy: api.proxy }),
    tls: { ...tls, ...(serverName !== undefined && tokenUrl.host === api.url.host && { serverName }) },
    expect: { ...api.expect, maxBody },
  }
}

/** RFC 6749, sections 5.1 and 5.2. */
function parseToken(statusCode: number, text: string, issuedAt: number): AccessToken {
  const answer = parseJsonObject(text)
  if (statusCode !== 200) {
    const error = answer?.['error']
    const known = typeof error === 'string' && knownErrors.has(error) ? ` (${error})` : ''
    throw new ProbeFailure('status', `expected 200, got ${statusCode}${known}`)
  }
  if (!answer) throw new ProbeFailure('body', 'expected a JSON object, got something else')
  const { access_token: value, token_type: type = 'bearer' } = answer
  if (typeof value !== 'string' || !/^[\x21-\x7e]{1,32768}$/.test(value)) {
    throw new ProbeFailure('body', 'expected an access_token, got none that can be sent in a header')
  }
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') {
    throw new ProbeFailure('body', 'expected a token of the type bearer, got another one')
  }
  const lifetime = Number(answer['expires_in'] ?? NaN)
  const expiresAt = lifetime > 0 && lifetime < 1e10 ? issuedAt + lifetime : jwtLifetime(value)?.expiresAt
  return { value, issuedAt, ...(expiresAt !== undefined && expiresAt > issuedAt && { expiresAt }) }
}
