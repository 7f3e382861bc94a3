import type { Mapping } from '../../config/document/parts.ts'
import type { Fields } from '../shared/fields.ts'
import { translateDialogue, translateTcp, translateUnix } from './conversation.ts'
import { translateDns } from './dns.ts'
import { translateHttp } from './http.ts'
import { secretText, translateIpProtocol, translateTls, type Translating } from './shared.ts'

/** A prober of blackbox_exporter, in our words. */
export interface Prober {
  /** The key of a target that selects the kind of check. */
  readonly key: string
  readonly translate: (fields: Fields, context: Translating) => void
  /** The keys that a module cannot have, because they say what is checked. */
  readonly own: (target: string, fields: Fields) => Mapping
  /** A target that any module can have. */
  readonly example: string
}

function translateGrpc(fields: Fields, context: Translating): void {
  const { translation } = context
  translation.set(['service'], fields.text('service'), fields.at('service'))
  translation.set(['use_tls'], fields.take('tls'), fields.at('tls'))
  const metadata = fields.below('metadata')
  for (const name of metadata.keys) {
    const values = metadata.list(name)
    if (values.length > 1) translation.lose(metadata.at(name), 'metadata has one value for each name')
    else translation.set(['metadata', name], values[0], metadata.at(name))
  }
  translateTls(fields, context)
  translateIpProtocol(fields, translation)
}

function translateIcmp(fields: Fields, { translation }: Translating): void {
  for (const key of ['payload_size', 'ttl', 'dont_fragment'])
    translation.set([key], fields.take(key), fields.at(key))
  translateIpProtocol(fields, translation)
}

function translateWebsocket(fields: Fields, context: Translating): void {
  const { translation, pathOf } = context
  const headers = fields.below('headers')
  for (const name of headers.keys) {
    const header = headers.below(name)
    const text = headers.text(name) ?? [...header.list('values'), ...header.list('secrets')][0]
    const file = header.list('files').map(String)[0]
    if (file === undefined) translation.set(['headers', name], text, headers.at(name))
    else translation.refer(['headers', name], `\${file:${pathOf(file)}}`, headers.at(name))
  }
  const client = fields.below('http_config')
  const basic = client.below('basic_auth')
  for (const key of basic.keys.length > 0 ? ['username', 'password'] : [])
    translation.refer(['auth', 'basic', key], secretText(basic, key, context) ?? '', basic.path)
  const authorization = client.below('authorization')
  const token = secretText(authorization, 'credentials', context)
  if (token !== undefined) translation.refer(['auth', 'bearer'], token, authorization.path)
  if ((authorization.text('type') ?? 'Bearer').toLowerCase() !== 'bearer')
    translation.lose(authorization.at('type'), 'only Bearer is supported here')
  for (const key of ['enable_http2', 'follow_redirects']) client.take(key)
  translateTls(client, context)
  translateDialogue(fields, context)
  translateIpProtocol(fields, translation)
}

/** A target without a scheme is an http one. */
const withScheme = (target: string): string => (/^https?:\/\//.test(target) ? target : `http://${target}`)

/** The target of gRPC may be written as a URL, and without a port. */
function withPort(target: string, fields: Fields): string {
  const host = target.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
  if (/:\d+$/.test(host)) return host
  return `${host}:${fields.take('tls') === true ? 443 : 80}`
}

/** Every prober of blackbox_exporter; its name is also the key of its settings. */
export const probers: Readonly<Record<string, Prober>> = {
  http: {
    key: 'url',
    translate: translateHttp,
    own: (target) => ({ url: withScheme(target) }),
    example: 'http://localhost/',
  },
  tcp: { key: 'tcp', translate: translateTcp, own: (target) => ({ tcp: target }), example: 'localhost:1' },
  unix: {
    key: 'unix',
    translate: translateUnix,
    own: (target) => ({ unix: target.replace(/^unix:\/\//, '') }),
    example: '/run/example.sock',
  },
  dns: {
    key: 'dns',
    translate: translateDns,
    own: (target, fields) => ({ dns: fields.text('query_name') ?? '.', server: target }),
    example: 'localhost',
  },
  icmp: { key: 'icmp', translate: translateIcmp, own: (target) => ({ icmp: target }), example: 'localhost' },
  grpc: {
    key: 'grpc',
    translate: translateGrpc,
    own: (target, fields) => ({ grpc: withPort(target, fields) }),
    example: 'localhost:1',
  },
  websocket: {
    key: 'websocket',
    translate: translateWebsocket,
    own: (target) => ({ websocket: target }),
    example: 'ws://localhost/',
  },
}
