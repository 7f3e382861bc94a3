import type { ProbeContext } from '../../net/attempt.ts'
import type { Found } from '../http/body/captured.ts'
import { CookieJar } from '../http/exchange/cookies.ts'
import type { HttpProber } from '../http/probe.ts'
import type { HttpCheck } from '../http/schema.ts'
import { Trace } from '../http/trace.ts'
import type { ProbeResult } from '../result.ts'
import type { DomainCheck } from './schema.ts'

/** Bytes of an answer that are accepted. The list of IANA has 120 KiB, the answer of a registry a few. */
const maxBody = 2 * 1024 * 1024

/** What a request came to, and what was found for each of the JSONPaths; nothing where the body could not be read. */
export interface Answer {
  readonly result: ProbeResult
  readonly found: readonly Found[]
}

/** A request for JSON, over the connection settings of the check. @param paths What is wanted of the answer. */
export async function ask(
  url: URL,
  paths: readonly string[],
  check: Omit<DomainCheck, 'server'>,
  context: ProbeContext,
  probe: HttpProber,
): Promise<Answer> {
  let found: readonly Found[] = []
  const harvest = {
    wanted: paths.map((path) => ({ path })),
    head: () => undefined,
    body: (captured: readonly Found[]) => {
      found = captured
    },
  }
  const sharing = { cookies: new CookieJar(), harvest, trace: new Trace() }
  const result = await probe(httpCheckOf(url, check), context, sharing)
  return { result, found }
}

/** RFC 7480, section 4.2, has the media type. */
function httpCheckOf(
  url: URL,
  { credentials, ipProtocol, ipProtocolFallback, proxy, tls }: Omit<DomainCheck, 'server'>,
): HttpCheck {
  return {
    kind: 'http',
    url,
    method: 'GET',
    headers: { accept: 'application/rdap+json, application/json' },
    ...(credentials && { auth: credentials }),
    // Registries redirect to one another: RFC 7480, section 5.2.
    followRedirects: true,
    http2: false,
    traceparent: false,
    ipProtocol,
    ipProtocolFallback,
    ...(proxy && { proxy }),
    tls,
    expect: {
      status: [{ from: 200, to: 299 }],
      headers: [],
      headersIfPresent: [],
      notHeaders: [],
      versions: [],
      json: [],
      cel: [],
      body: { contains: [], notContains: [], matches: [], notMatches: [] },
      maxBody,
    },
  }
}
