import type { Clock } from '../../lib/time/clock.ts'
import { untilAborted } from '../../lib/time/until-aborted.ts'
import { ProbeFailure } from '../../net/failure.ts'
import type { ProxyEnvironment } from '../../net/proxy/proxy.ts'
import type { ProxySettings } from '../../net/proxy/settings.ts'
import { systemLookup, type Lookup } from '../../net/resolve.ts'
import { Sockets } from '../../net/sockets.ts'
import { createTrustStore } from '../../net/tls/trust-store.ts'
import { TokenStore } from './access/token-store.ts'
import { readBody } from './answer/body.ts'
import { createBodyJudge } from './body/judge.ts'
import { CookieJar } from './exchange/cookies.ts'
import { HttpEvidence } from './evidence.ts'
import type { Exchange } from './exchange/http1.ts'
import { firstRequest, type HttpRequest } from './exchange/request.ts'
import { contentCodings, headerValue, type ResponseHeaders } from './headers.ts'
import { send } from './hop.ts'
import { isRedirect, redirected } from './redirects.ts'
import type { HttpRun } from './run.ts'
import type { HttpCheck } from './schema.ts'
import { statusAlone } from '../shared/status-alone.ts'

export interface DocumentRequest {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly proxy?: ProxySettings
  /** Bytes after decompression that are accepted. */
  readonly maxBytes: number
  readonly maxRedirects: number
  /** Refuses an address that a redirect to another origin leads to, by throwing. */
  readonly allowAddress: (address: string) => void
  readonly signal: AbortSignal
}

export interface Document {
  readonly statusCode: number
  readonly headers: ResponseHeaders
  readonly body: Buffer
}

export interface DocumentDependencies {
  readonly clock: Clock
  /** Default: getaddrinfo. */
  readonly lookup?: Lookup
  /** Where `proxy: env` looks. Default: this process's. */
  readonly env?: ProxyEnvironment
}

/** Requests a document that is read, not judged, over a connection of the kind that probes have. */
export type FetchDocument = (request: DocumentRequest) => Promise<Document>

/**
 * Makes a function that requests documents.
 *
 * @returns What throws ProbeFailure, for the reasons of any HTTP probe, or the reason of its signal.
 */
export function createFetchDocument(dependencies: DocumentDependencies): FetchDocument {
  const { clock, lookup = systemLookup, env = process.env } = dependencies
  const shared = {
    clock,
    lookup,
    env,
    trust: createTrustStore(),
    tokens: new TokenStore(),
    judgeBody: createBodyJudge(),
  }
  return async (request) => {
    const sockets = new Sockets()
    try {
      request.signal.throwIfAborted()
      const following = follow(request, { ...shared, sockets })
      return await untilAborted(sockets.guard.watch(following), request.signal)
    } catch (error) {
      request.signal.throwIfAborted()
      throw error instanceof ProbeFailure ? sockets.explain(error) : error
    } finally {
      sockets.end()
    }
  }
}

type Shared = Pick<HttpRun, 'clock' | 'lookup' | 'env' | 'trust' | 'tokens' | 'judgeBody' | 'sockets'>

async function follow(asked: DocumentRequest, shared: Shared): Promise<Document> {
  const check = checkOf(asked)
  let request = firstRequest(check)
  for (let redirects = 0; ; redirects++) {
    const answer = await send(request, runOf(request, check, asked, shared))
    if (!isRedirect(answer.statusCode)) return whole(answer, asked)
    if (redirects === asked.maxRedirects)
      throw new ProbeFailure('redirect', `more than ${asked.maxRedirects} redirects`)
    const next = redirected(request, answer.statusCode, headerValue(answer.headers, 'location'))
    if (request.url.protocol === 'https:' && next.url.protocol !== 'https:')
      throw new ProbeFailure('redirect', 'it redirects from https to http')
    shared.sockets.close()
    request = next
  }
}

async function whole(
  { statusCode, headers, body }: Exchange,
  { maxBytes }: DocumentRequest,
): Promise<Document> {
  const onProgress = (): void => undefined
  const read = await readBody(body, { codings: contentCodings(headers), maxBytes, keep: true, onProgress })
  return { statusCode, headers, body: read }
}

function runOf({ url }: HttpRequest, check: HttpCheck, asked: DocumentRequest, shared: Shared): HttpRun {
  const { signal, allowAddress } = asked
  const elsewhere = url.origin !== asked.url.origin
  return {
    ...shared,
    check,
    context: { signal, log: { add: () => undefined }, ...(elsewhere && { allowAddress }) },
    evidence: new HttpEvidence(new Date(shared.clock.now()), url),
    cookies: new CookieJar(),
  }
}

function checkOf({ url, headers, proxy, maxBytes }: DocumentRequest): HttpCheck {
  return {
    kind: 'http',
    url,
    method: 'GET',
    headers,
    followRedirects: true,
    http2: false,
    traceparent: false,
    ipProtocol: 'auto',
    ipProtocolFallback: true,
    ...(proxy && { proxy }),
    tls: { verify: true },
    expect: statusAlone([{ from: 200, to: 200 }], maxBytes),
  }
}
