import type { ProbeContext } from '../../net/attempt.ts'
import type { IpProtocol } from '../../net/ip-protocol.ts'
import type { ProxySettings } from '../../net/proxy/settings.ts'
import type { TlsSettings } from '../../net/tls/settings.ts'
import type { Userinfo } from '../../settings/values/userinfo.ts'
import type { Found } from '../http/body/captured.ts'
import { CookieJar } from '../http/exchange/cookies.ts'
import type { HttpProber } from '../http/probe.ts'
import type { HttpCheck } from '../http/schema.ts'
import { Trace } from '../http/trace.ts'
import type { ProbeResult } from '../result.ts'
import { statusAlone } from './status-alone.ts'

/** What a request came to, and what was found for each of the JSONPaths; nothing where the body could not be read. */
export interface Answer {
  readonly result: ProbeResult
  readonly found: readonly Found[]
}

/** A request for JSON, and the connection that it is sent over. */
export interface JsonRequest {
  readonly url: URL
  /** Media types. */
  readonly accept: string
  readonly followRedirects: boolean
  /** Bytes of an answer that are accepted. */
  readonly maxBody: number
  /** What the server is asked with. */
  readonly credentials?: Userinfo
  readonly ipProtocol: IpProtocol
  readonly ipProtocolFallback: boolean
  readonly proxy?: ProxySettings
  readonly tls: TlsSettings
  /** The absolute path of a socket that is connected to instead. */
  readonly unixSocket?: string
}

/** Sends a request as `url` targets do. @param paths What is wanted of the answer: JSONPaths. */
export async function askJson(
  request: JsonRequest,
  paths: readonly string[],
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
  const result = await probe(httpCheckOf(request), context, sharing)
  return { result, found }
}

function httpCheckOf({ accept, credentials, maxBody, ...connection }: JsonRequest): HttpCheck {
  return {
    ...connection,
    kind: 'http',
    method: 'GET',
    headers: { accept },
    ...(credentials && { auth: credentials }),
    http2: false,
    traceparent: false,
    expect: statusAlone([{ from: 200, to: 299 }], maxBody),
  }
}
