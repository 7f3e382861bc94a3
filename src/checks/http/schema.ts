import { credentialsOf } from '../../settings/values/userinfo.ts'
import type { z } from 'zod'
import type { Path } from '../../settings/path.ts'
import type { Pattern } from '../../settings/values/pattern.ts'
import { flag, patternJson, readPattern, size } from '../../settings/values/scalars.ts'
import { asText, keys, mapping, oneOrMany, value, ValueError } from '../../settings/values/value.ts'
import { comparisons } from './json-rule/settings.ts'
import type { JsonRule } from './json-rule/rule.ts'
import { authSettings, type Auth } from './settings/auth.ts'
import { WrittenUrl } from './as-written.ts'
import { concealHttp } from './settings/secrets.ts'
import {
  checkHeaderName,
  checkJsonPath,
  checkRequestHeaderName,
  readHeaderValue,
  readHttpVersion,
  readMethod,
  readStatus,
  readUrl,
  type StatusRange,
} from './settings/values.ts'
import { ipProtocolDefaults, ipProtocolShape, type IpProtocol } from '../../net/ip-protocol.ts'
import type { CheckSchema, Given, Report } from '../kind.ts'
import { proxyShape, type ProxySettings } from '../../net/proxy/settings.ts'
import { tlsSettings, type TlsSettings } from '../../net/tls/settings.ts'

/** A regex that is held against the values of a header. */
export interface HeaderRule {
  /** In lower case. */
  readonly name: string
  readonly pattern: Pattern
}

export interface BodyRules {
  readonly contains: readonly string[]
  readonly notContains: readonly string[]
  readonly matches: readonly Pattern[]
  readonly notMatches: readonly Pattern[]
}

/** What an HTTP answer must look like. */
export interface HttpExpectation {
  /** The code must be in one of these. */
  readonly status: readonly StatusRange[]
  /** Each must match one of the header's values; a header that is missing is a failure. */
  readonly headers: readonly HeaderRule[]
  /** The same, for headers that may be missing. */
  readonly headersIfPresent: readonly HeaderRule[]
  /** None may match any of the header's values. */
  readonly notHeaders: readonly HeaderRule[]
  /** Versions of HTTP, such as 1.1 or 2, one of which the last answer must have. Empty: any. */
  readonly versions: readonly number[]
  /** Whether the last answer must come over TLS, or must not. Absent: both will do. */
  readonly ssl?: boolean
  /** Whether answers that are odd, though they can be read, are refused. */
  readonly strict?: boolean
  readonly json: readonly JsonRule[]
  readonly body: BodyRules
  /** Bytes of the body, after decompression, that are accepted. More is a failure with reason `size`. */
  readonly maxBody: number
}

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
  /** The address family to prefer. */
  readonly ipProtocol: IpProtocol
  /** Whether the other family is tried if the preferred one has no address. */
  readonly ipProtocolFallback: boolean
  /** Absent: the target is reached directly. */
  readonly proxy?: ProxySettings
  readonly tls: TlsSettings
  readonly expect: HttpExpectation
}

const textJson = { type: 'string' } as const
const textOrNothing = value((input) => (input === null ? null : asText(input)), { type: ['string', 'null'] })
const texts = (description: string) => oneOrMany(asText, textJson).optional().describe(description)
const patterns = (description: string) => oneOrMany(readPattern, patternJson).optional().describe(description)

const headerRules = (description: string): z.ZodOptional<z.ZodType<Record<string, Pattern[]>>> =>
  mapping(checkHeaderName, oneOrMany(readPattern, patternJson), { description }).optional()

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
  ...ipProtocolShape,
  ...proxyShape,
  tls: tlsSettings.optional().describe('Settings for TLS.'),
}

/** The keys of its `expect:`. */
const expectShape = {
  status: oneOrMany(readStatus, {
    anyOf: [{ type: 'integer', minimum: 100, maximum: 999 }, textJson],
    description: 'Accepted codes, such as 200, 2xx or 200-299.',
  })
    .optional()
    .describe('The status code is one of these: `200`, `2xx`, `200-299`, one or a list. Default: `2xx`.'),
  headers: headerRules(
    'Each of these headers is present, and one of its values matches the regex, or each regex of a list. Default: none.',
  ),
  headers_if_present: headerRules('Like `headers`, but a header may be missing. Default: none.'),
  not_headers: headerRules(
    'No value of these headers matches the regex, or one of the list. A header may be missing. Default: none.',
  ),
  version: oneOrMany(readHttpVersion, {
    anyOf: [{ enum: [1, 1.1, 2] }, textJson],
    description: 'A version of HTTP: 1.0, 1.1 or 2.',
  })
    .optional()
    .describe(
      'The response has one of these versions of HTTP: `1.0`, `1.1`, `2`, one or a list. `2` alone needs `http2: true`. Default: any.',
    ),
  ssl: flag
    .nullable()
    .optional()
    .describe(
      '`true`: the response came over TLS; `false`: it did not. After redirects, the last response counts. Default: either.',
    ),
  strict: flag
    .optional()
    .describe(
      '`true`: a response that HTTP does not allow fails the check, even if every client can read it; see `probe_http_lenient_info`. Default: `false`.',
    ),
  json: mapping(checkJsonPath, comparisons, {
    description:
      'The body is JSON, and each JSONPath (RFC 9535, without `match()` and `search()`) selects the value, or one that meets comparisons such as `{ gt: 3 }`. Default: none.',
  }).optional(),
  body: keys({
    contains: texts('The body contains exactly this text, or all texts of a list.'),
    not_contains: texts('The body contains neither this text nor any of a list.'),
    matches: patterns('The body matches this regex, or all of a list.'),
    not_matches: patterns('The body matches neither this regex nor any of a list.'),
  })
    .optional()
    .describe('What is expected of the body. All conditions must hold. Default: anything.'),
  max_body: size
    .optional()
    .describe('The body is no larger than this, decompressed; from `1B` to `1GiB`. Default: `10MiB`.'),
}

type Parsed = z.output<z.ZodObject<typeof shape>>
type ParsedExpect = z.output<z.ZodObject<typeof expectShape>>

type Inheritable = Exclude<keyof Parsed, 'headers' | 'body' | 'auth' | 'proxy' | 'no_proxy'>

/** Validated settings: what the defaults give is there. */
type HttpSettings = Given<Parsed, Inheritable> &
  Pick<Parsed, 'headers' | 'body' | 'auth' | 'proxy' | 'no_proxy'> & {
    readonly expect: Given<ParsedExpect, 'status' | 'max_body'> & ParsedExpect
  }

function toCheck(settings: HttpSettings, report: Report): HttpCheck {
  const url = new URL(settings.url)
  const credentials = authOf(settings, report)
  if (!settings.http2 && settings.expect.version?.every((version) => version === 2) === true)
    report(['expect', 'version'], 'HTTP/2 is not offered: write http2: true')
  url.username = ''
  url.password = ''
  const { body, proxy, no_proxy: noProxy = [] } = settings
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
    ipProtocol: settings.ip_protocol,
    ipProtocolFallback: settings.ip_protocol_fallback,
    ...(proxy && { proxy: { url: proxy, noProxy } }),
    tls: settings.tls,
    expect: toExpectation(settings.expect),
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

function toHeaderRules(written: Readonly<Record<string, readonly Pattern[]>> = {}): HeaderRule[] {
  return Object.entries(written).flatMap(([name, patterns]) =>
    patterns.map((pattern) => ({ name: name.toLowerCase(), pattern })),
  )
}

function toExpectation(expect: HttpSettings['expect']): HttpExpectation {
  const { json = {}, body = {}, version = [], ssl, strict } = expect
  return {
    status: expect.status,
    headers: toHeaderRules(expect.headers),
    headersIfPresent: toHeaderRules(expect.headers_if_present),
    notHeaders: toHeaderRules(expect.not_headers),
    versions: version,
    ...(typeof ssl === 'boolean' && { ssl }),
    ...(strict !== undefined && { strict }),
    json: Object.entries(json).map(([path, expected]) => ({ path, expected })),
    body: {
      contains: body.contains ?? [],
      notContains: body.not_contains ?? [],
      matches: body.matches ?? [],
      notMatches: body.not_matches ?? [],
    },
    maxBody: expect.max_body,
  }
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
    ...ipProtocolDefaults,
    tls: { verify: true },
    expect: { status: ['2xx'], max_body: '10MiB' },
  },
  toCheck,
  conceal: concealHttp,
}
