import { credentialsOf } from '../../settings/values/userinfo.ts'
import type { z } from 'zod'
import type { Path } from '../../settings/path.ts'
import { flag } from '../../settings/values/scalars.ts'
import { asText, mapping, value, ValueError } from '../../settings/values/value.ts'
import { authSettings, type Auth } from './settings/auth.ts'
import { WrittenUrl } from './as-written.ts'
import { toGraphql } from './graphql/settings.ts'
import { concealHttp } from './settings/secrets.ts'
import { expectShape, toExpectation, type ExpectSettings, type HttpExpectation } from './settings/expect.ts'
import { checkRequestHeaderName, readHeaderValue, readMethod, readUrl } from './settings/values.ts'
import { ipProtocolDefaults, ipProtocolShape, type IpProtocol } from '../../net/ip-protocol.ts'
import type { InsertionsOf } from '../../settings/insertions.ts'
import type { CheckSchema, Given, ReadText, Report } from '../kind.ts'
import { proxyShape, type ProxySettings } from '../../net/proxy/settings.ts'
import { tlsSettings, type TlsSettings } from '../../net/tls/settings.ts'
import { readSocketPath } from '../../net/unix-socket.ts'

/** One HTTP request and what is expected of its answer. */
export interface HttpCheck {
  readonly kind: 'http'
  readonly url: URL
  /** What is asked for, where the path of the URL is not what was written. */
  readonly target?: string
  readonly method: string
  /** As configured, `Host` included. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly auth?: Auth
  /** When a credential expires that does not say so itself. Unix time in seconds. */
  readonly credentialExpires?: number
  readonly followRedirects: boolean
  /** Whether HTTP/2 is offered, which happens over TLS alone. */
  readonly http2: boolean
  /** Whether its requests say which trace they belong to. */
  readonly traceparent: boolean
  /** The address family to prefer. */
  readonly ipProtocol: IpProtocol
  /** Whether the other family is tried if the preferred one has no address. */
  readonly ipProtocolFallback: boolean
  /** The path of a Unix domain socket, over which the origin of the URL is reached. Absent: over the network. */
  readonly unixSocket?: string
  /** Absent: the target is reached directly. */
  readonly proxy?: ProxySettings
  readonly tls: TlsSettings
  readonly expect: HttpExpectation
}

const textOrNothing = value((input) => (input === null ? null : asText(input)), { type: ['string', 'null'] })

/** The keys of a target that is watched over HTTP. */
const shape = {
  url: value(readUrl, {
    type: 'string',
    pattern: '^([hH][tT][tT][pP][sS]?://|.*\\$\\{)',
    description: 'The http or https URL to request.',
  }).optional(),
  method: value(readMethod, {
    type: 'string',
    description: 'The request method: any but CONNECT and TRACE. Default: `GET`.',
  }).optional(),
  headers: mapping(checkRequestHeaderName, value(readHeaderValue, { type: ['string', 'null'] }), {
    description: 'Headers of the request, by name; `~` removes an inherited one. Default: none.',
  }).optional(),
  body: textOrNothing
    .optional()
    .describe('The body of the request; `~` removes an inherited one. Default: none.'),
  auth: authSettings
    .nullable()
    .optional()
    .describe('The credentials of the request; `~` removes inherited ones. Default: none.'),
  follow_redirects: flag
    .optional()
    .describe(
      'Whether redirects are followed, up to 10. Credentials are not sent to another host. Default: `true`.',
    ),
  http2: flag
    .optional()
    .describe('Whether HTTP/2 is offered over TLS; the server chooses. Default: `false`.'),
  traceparent: flag
    .optional()
    .describe(
      'Whether requests have a `traceparent` header (W3C Trace Context), with a new trace ID for each check; your own header takes precedence. Default: `true`.',
    ),
  unix_socket: value((input) => (input === null ? null : readSocketPath(input)), {
    type: ['string', 'null'],
    description:
      'The absolute path of a Unix domain socket to connect to instead of the host of the URL, which is still sent as `Host`; `~` removes an inherited one. Default: none.',
  }).optional(),
  ...ipProtocolShape,
  ...proxyShape,
  tls: tlsSettings.optional().describe('Settings for TLS.'),
}

type Parsed = z.output<z.ZodObject<typeof shape>>

/** Those that the defaults do not give. */
type Absent = 'headers' | 'body' | 'auth' | 'unix_socket' | 'proxy' | 'no_proxy' | 'proxy_ca_file'

/** Validated settings: what the defaults give is there. */
type HttpSettings = Given<Parsed, Exclude<keyof Parsed, Absent>> &
  Pick<Parsed, Absent> & { readonly expect: ExpectSettings }

function toCheck(
  settings: HttpSettings,
  report: Report,
  _insertionsOf: InsertionsOf,
  readText: ReadText,
): HttpCheck {
  const url = new URL(settings.url)
  const credentials = authOf(settings, report)
  if (!settings.http2 && settings.expect.version?.every((version) => version === 2) === true)
    report(['expect', 'version'], 'HTTP/2 is not offered: write http2: true')
  url.username = ''
  url.password = ''
  const { graphql } = settings.expect
  const expect: HttpExpectation = {
    ...toExpectation(settings.expect, report, readText),
    ...(graphql && { graphql: toGraphql(graphql, { url, body: settings.body }, report, readText) }),
  }
  if (expect.operation && expect.operation.method !== settings.method)
    report(
      ['expect', 'openapi'],
      `is about ${expect.operation.method}, and the method of this target is ${settings.method}: write method: ${expect.operation.method}`,
    )
  const { body, unix_socket: unixSocket, proxy, no_proxy: noProxy = [], proxy_ca_file: proxyCa } = settings
  if (unixSocket && proxy)
    report(
      ['unix_socket'],
      'has no effect with a proxy: keep one of them (proxy: ~ removes an inherited one)',
    )
  const { expires } = settings.auth ?? {}
  const target = settings.url instanceof WrittenUrl ? settings.url.target : undefined
  return {
    kind: 'http',
    url,
    ...(target !== undefined && { target }),
    method: settings.method,
    headers: withoutNothing(settings.headers),
    ...(body === undefined || body === null ? {} : { body }),
    ...(credentials && { auth: credentials }),
    ...(expires !== undefined && { credentialExpires: expires }),
    followRedirects: settings.follow_redirects,
    http2: settings.http2,
    traceparent: settings.traceparent,
    ipProtocol: settings.ip_protocol,
    ipProtocolFallback: settings.ip_protocol_fallback,
    ...(unixSocket && { unixSocket }),
    ...(proxy && { proxy: { url: proxy, noProxy, ...(proxyCa && { ca: proxyCa }) } }),
    tls: settings.tls,
    expect,
  }
}

/** Credentials may stand in one of three places. */
function authOf({ url, auth: written, headers }: HttpSettings, report: Report): Auth | undefined {
  const { auth } = written ?? {}
  const inUrl = credentialsOf(url)
  const inHeader = Object.keys(headers ?? {}).find((name) => name.toLowerCase() === 'authorization')
  if (auth && inUrl) report(['auth'], 'the URL has credentials too: keep one of them')
  if (inHeader !== undefined && (auth ?? inUrl)) {
    const path: Path = ['headers', inHeader]
    report(path, 'there are other credentials too: keep one of them (~ removes an inherited header)')
  }
  return auth ?? inUrl
}

function withoutNothing(headers: Readonly<Record<string, string | null>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null),
  )
}

/** Reads a URL that is not in the configuration. */
export function readAdHocUrl(text: string): URL {
  const url = readUrl(text)
  if (credentialsOf(url)) throw new ValueError('a URL that is not configured cannot carry credentials')
  return url
}

export const httpSchema: CheckSchema<typeof shape, typeof expectShape, HttpSettings, HttpCheck> = {
  key: 'url',
  shape,
  expectShape,
  defaults: {
    method: 'GET',
    follow_redirects: true,
    // The HTTP/2 of Node.js has ended processes by its own assertions, which a server can bring about.
    http2: false,
    traceparent: true,
    ...ipProtocolDefaults,
    tls: { verify: true },
    expect: { status: ['2xx'], max_body: '10MiB' },
  },
  toCheck,
  conceal: concealHttp,
}
