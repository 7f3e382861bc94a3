import { credentialsOf } from '../../settings/values/userinfo.ts'
import type { z } from 'zod'
import type { Path } from '../../settings/path.ts'
import type { Expanded } from '../../settings/secrets.ts'
import { asText, oneOrMany, seen, value, ValueError } from '../../settings/values/value.ts'
import type { Auth } from '../http/settings/auth.ts'
import type { DialogueStep } from '../shared/dialogue/schema.ts'
import { concealHttp } from '../http/settings/secrets.ts'
import { httpSchema } from '../http/schema.ts'
import { ipProtocolDefaults, ipProtocolShape, type IpProtocol } from '../../net/ip-protocol.ts'
import type { CheckSchema, Concealed, Given, Report } from '../kind.ts'
import { concealNetwork } from '../shared/secrets.ts'
import { conversationShape } from '../tcp/schema.ts'
import type { TlsSettings } from '../../net/tls/settings.ts'

/** A connection that is upgraded to WebSocket, and what is said over it. */
export interface WebsocketCheck {
  readonly kind: 'websocket'
  /** ws or wss, without userinfo. */
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly auth?: Exclude<Auth, { type: 'oauth2' | 'digest' }>
  /** When a credential expires that does not say so itself. Unix time in seconds. */
  readonly credentialExpires?: number
  /** Offered to the server, the preferred one first. */
  readonly subprotocols: readonly string[]
  readonly ipProtocol: IpProtocol
  /** Whether the other family is tried if the preferred one has no address. */
  readonly ipProtocolFallback: boolean
  readonly tls: TlsSettings
  /** Each `expect` is held against whole messages. */
  readonly dialogue: readonly DialogueStep[]
}

function readUrl(input: unknown): URL {
  const text = asText(input)
  const example = 'expected one such as wss://example.com/socket'
  if (!/^wss?:\/\/[^\s/\\?#][^\s\\]*$/i.test(text) || !URL.canParse(text)) {
    throw new ValueError(`${seen} is not a WebSocket URL: ${example}`)
  }
  const url = new URL(text)
  if (url.hash !== '' || text.endsWith('#')) {
    throw new ValueError(`${seen} has a fragment, which the URL of a WebSocket cannot have: ${example}`)
  }
  credentialsOf(url)
  return url
}

/** RFC 6455, section 4.1: a token of HTTP. */
function readSubprotocol(input: unknown): string {
  const name = asText(input)
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/.test(name)) {
    throw new ValueError(
      `${seen} is not a valid subprotocol: expected one such as graphql-ws, or a list of them`,
    )
  }
  return name
}

const { headers, auth } = httpSchema.shape

const shape = {
  websocket: value(readUrl, {
    type: 'string',
    pattern: '^([wW][sS][sS]?://|.*\\$\\{)',
    description: 'The ws or wss URL to connect to.',
  }).optional(),
  subprotocols: oneOrMany(readSubprotocol, {
    type: 'string',
    description: 'Offered to the server, the preferred one first.',
  })
    .nullable()
    .optional()
    .describe(
      'Subprotocols that are offered to the server, the preferred one first; `~` removes inherited ones. Default: none.',
    ),
  headers,
  auth,
  tls: conversationShape.tls,
  dialogue: conversationShape.dialogue,
  ...ipProtocolShape,
}

const expectShape = {}

type Parsed = { readonly [K in keyof typeof shape]: z.output<(typeof shape)[K]> }
type WebsocketSettings = Given<Parsed, 'websocket' | 'tls' | 'ip_protocol' | 'ip_protocol_fallback'> &
  Pick<Parsed, 'subprotocols' | 'headers' | 'auth' | 'dialogue'>

function toCheck(settings: WebsocketSettings, report: Report): WebsocketCheck {
  const url = new URL(settings.websocket)
  const credentials = authOf(settings, report)
  url.username = ''
  url.password = ''
  const steps = settings.dialogue ?? []
  if (steps.some(({ startTls }) => startTls)) {
    report(['dialogue'], 'cannot begin TLS: write wss:// instead of ws://')
  }
  if (steps.some(({ expectBytes, sendBytes }) => expectBytes ?? sendBytes)) {
    report(['dialogue'], 'cannot have expect_bytes: or send_bytes: here: messages are text')
  }
  const expires = settings.auth?.expires
  return {
    kind: 'websocket',
    url,
    headers: headersOf(settings, report),
    ...(credentials && { auth: credentials }),
    ...(expires !== undefined && { credentialExpires: expires }),
    subprotocols: [...new Set(settings.subprotocols ?? [])],
    ipProtocol: settings.ip_protocol,
    ipProtocolFallback: settings.ip_protocol_fallback,
    tls: settings.tls,
    dialogue: steps,
  }
}

function headersOf({ headers: written = {} }: WebsocketSettings, report: Report): Record<string, string> {
  const own = Object.keys(written).find((name) => /^sec-websocket-/i.test(name))
  if (own !== undefined) report(['headers', own], 'this header is set by Probity itself: remove it')
  return Object.fromEntries(
    Object.entries(written).filter((entry): entry is [string, string] => entry[1] !== null),
  )
}

/** Credentials may stand in one of three places. */
function authOf(
  { websocket: url, auth: written, headers: given }: WebsocketSettings,
  report: Report,
): WebsocketCheck['auth'] {
  const chosen = written?.auth
  if (chosen?.type === 'oauth2' || chosen?.type === 'digest') {
    report(['auth'], `${chosen.type}: is not supported for websocket: write bearer: or basic:`)
    return undefined
  }
  const inUrl = credentialsOf(url)
  const inHeader = Object.keys(given ?? {}).find((name) => name.toLowerCase() === 'authorization')
  if (chosen && inUrl) report(['auth'], 'the URL has credentials too: keep one of them')
  if (inHeader !== undefined && (chosen ?? inUrl)) {
    const path: Path = ['headers', inHeader]
    report(path, 'there are other credentials too: keep one of them (~ removes an inherited header)')
  }
  return chosen ?? (inUrl?.type === 'basic' ? inUrl : undefined)
}

/** What is written has parts of an HTTP target and of one that is talked to. */
function conceal(written: Readonly<Record<string, unknown>>, expand: (text: string) => Expanded): Concealed {
  const http = concealHttp({ ...written, url: written['websocket'] }, expand)
  const talk = concealNetwork(written, http.instance, expand)
  const { url, ...others } = http.shown
  const { dialogue } = talk.shown
  return {
    instance: http.instance,
    shown: { ...others, websocket: url, ...(dialogue !== undefined && { dialogue }) },
    secrets: [...new Set([...http.secrets, ...talk.secrets])],
  }
}

export const websocketSchema: CheckSchema<
  typeof shape,
  typeof expectShape,
  WebsocketSettings,
  WebsocketCheck
> = {
  key: 'websocket',
  shape,
  expectShape,
  defaults: { tls: { verify: true }, ...ipProtocolDefaults },
  toCheck,
  conceal,
}
