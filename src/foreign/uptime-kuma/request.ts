import { isMapping } from '../../config/document/parts.ts'
import { escapeExpansions } from '../../settings/secrets.ts'
import type { Translation } from '../shared/translation.ts'
import type { Fields } from '../shared/fields.ts'
import { referHeader } from '../shared/headers.ts'
import { isOff, isOn } from './kuma-file.ts'
import { secretOf, type Surroundings } from './surroundings.ts'

/** Whether a host is written with its port. */
export function hasOwnPort(host: string): boolean {
  return /^(?:[^:]+|\[[^\]]+\]):\d+$/.test(host)
}

/** Keys of a monitor that asks over HTTP. */
export const requestKeys = [
  'authDomain',
  'authWorkstation',
  'httpBodyEncoding',
  'kafkaProducerMessage',
  'ipFamily',
  'proxyId',
] as const

const contentTypes: Readonly<Record<string, string>> = {
  json: 'application/json',
  xml: 'text/xml; charset=utf-8',
  form: 'application/x-www-form-urlencoded',
}

/** Translates what is asked for over HTTP, and what is expected of the answer. */
export function translateRequest(
  monitor: Fields,
  translation: Translation,
  surroundings: Surroundings,
): void {
  translateUrl('url', monitor, translation, surroundings)
  const method = monitor.text('method') ?? 'GET'
  if (method !== 'GET') translation.set(['method'], method, monitor.at('method'))
  const codes = monitor.list('accepted_statuscodes').map(String)
  if (codes.length > 0) translation.set(['expect', 'status'], codes, monitor.at('accepted_statuscodes'))
  translateHeaders(monitor, translation, surroundings)
  const body = monitor.text('body') ?? ''
  if (body !== '') translation.set(['body'], body, monitor.at('body'))
  const redirects = Number(monitor.text('maxredirects') ?? 10)
  if (redirects === 0) translation.set(['follow_redirects'], false, monitor.at('maxredirects'))
  else if (redirects !== 10) translation.note(monitor.at('maxredirects'), 'up to ten redirects are followed')
  if (isOn(monitor, 'ignoreTls')) translation.set(['tls', 'verify'], false, monitor.at('ignoreTls'))
  const family = monitor.text('ipFamily')
  if (family === 'ipv4' || family === 'ipv6') {
    translation.set(['ip_protocol'], family.replace('ipv', 'ip'), monitor.at('ipFamily'))
    translation.set(['ip_protocol_fallback'], false, monitor.at('ipFamily'))
  }
  translateAuth(monitor, translation, surroundings)
  if (isOn(monitor, 'cacheBust'))
    translation.note(
      monitor.at('cacheBust'),
      'no parameter is added to the query: add a header Cache-Control: no-cache',
    )
  const proxy = surroundings.proxies.get(monitor.text('proxyId') ?? '')
  // A proxy that is not active is not used there.
  if (proxy && !isOff(proxy, 'active')) translateProxy(proxy, monitor, translation, surroundings)
}

/** Sets a key to the URL of a monitor; a password in it becomes a reference. */
export function translateUrl(
  key: string,
  monitor: Fields,
  translation: Translation,
  { secrets }: Surroundings,
): void {
  const url = monitor.text('url')
  if (url !== undefined)
    translation.refer([key], secrets.keepInUrl(url, monitor.text('id') ?? '', 'url'), monitor.at('url'))
}

/** Names of headers whose values are secrets. */
const secretHeader = /authorization|cookie|token|key|secret|password|signature/i

/** Translates headers, which are the text of a JSON object. */
export function translateHeaders(monitor: Fields, translation: Translation, { secrets }: Surroundings): void {
  const text = monitor.text('headers') ?? ''
  const written = parsed(text) ?? monitor.take('headers')
  const headers = isMapping(written) ? written : {}
  if (text.trim() !== '' && !isMapping(written))
    translation.lose(monitor.at('headers'), 'is not a JSON object')
  for (const [name, value] of Object.entries(headers))
    referHeader(
      translation,
      name,
      secretHeader.test(name)
        ? secrets.keep(String(value), monitor.text('id') ?? '', 'header', name)
        : escapeExpansions(String(value)),
      monitor.at('headers'),
    )
  const encoding = monitor.text('httpBodyEncoding') ?? 'json'
  const type = Object.hasOwn(contentTypes, encoding) ? contentTypes[encoding] : undefined
  const hasType = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')
  if (type !== undefined && !hasType && (monitor.text('body') ?? '') !== '')
    translation.set(['headers', 'Content-Type'], type, monitor.at('httpBodyEncoding'))
}

function parsed(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type AuthTranslator = (monitor: Fields, translation: Translation, surroundings: Surroundings) => void

const authMethods: Readonly<Record<string, AuthTranslator>> = {
  basic: (monitor, translation, surroundings) => {
    translation.set(
      ['auth', 'basic', 'username'],
      monitor.text('basic_auth_user') ?? '',
      monitor.at('basic_auth_user'),
    )
    translation.refer(
      ['auth', 'basic', 'password'],
      secretOf(monitor, 'basic_auth_pass', surroundings),
      monitor.at('basic_auth_pass'),
    )
  },
  bearer: (monitor, translation, surroundings) => {
    translation.refer(
      ['auth', 'bearer'],
      secretOf(monitor, 'bearer_token', surroundings),
      monitor.at('bearer_token'),
    )
  },
  'oauth2-cc': (monitor, translation, surroundings) => {
    const keys = { token_url: 'oauth_token_url', client_id: 'oauth_client_id', audience: 'oauth_audience' }
    translation.refer(
      ['auth', 'oauth2', 'client_secret'],
      secretOf(monitor, 'oauth_client_secret', surroundings),
      monitor.at('oauth_client_secret'),
    )
    for (const [ours, theirs] of Object.entries(keys))
      if ((monitor.text(theirs) ?? '') !== '')
        translation.set(['auth', 'oauth2', ours], monitor.text(theirs), monitor.at(theirs))
    const scopes = (monitor.text('oauth_scopes') ?? '').split(/\s+/).filter((scope) => scope !== '')
    if (scopes.length > 0) translation.set(['auth', 'oauth2', 'scopes'], scopes, monitor.at('oauth_scopes'))
    if (monitor.text('oauth_auth_method') === 'client_secret_post')
      translation.set(['auth', 'oauth2', 'auth_style'], 'body', monitor.at('oauth_auth_method'))
  },
  mtls: (monitor, translation, surroundings) => {
    for (const [ours, theirs] of [
      ['cert', 'tlsCert'],
      ['key', 'tlsKey'],
      ['ca', 'tlsCa'],
    ] as const) {
      const pem = monitor.text(theirs) ?? ''
      if (pem === '') continue
      if (ours === 'key')
        translation.refer(['tls', ours], secretOf(monitor, theirs, surroundings), monitor.at(theirs))
      else translation.set(['tls', ours], pem, monitor.at(theirs))
    }
  },
  ntlm: (monitor, translation) => {
    translation.lose(monitor.at('authMethod'), 'NTLM is not supported here')
  },
}

/** Translates how a monitor logs in. */
export function translateAuth(monitor: Fields, translation: Translation, surroundings: Surroundings): void {
  const method = monitor.text('authMethod') ?? ''
  const { headers } = translation.keys
  const hasHeader =
    isMapping(headers) && Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')
  if (hasHeader && method !== 'mtls' && method !== '') {
    translation.note(monitor.at('authMethod'), 'the header Authorization is sent instead, as before')
    return
  }
  const translate = Object.hasOwn(authMethods, method) ? authMethods[method] : undefined
  // Older versions have no method, but the two keys.
  if (translate) translate(monitor, translation, surroundings)
  else if ((monitor.text('basic_auth_user') ?? '') !== '')
    authMethods['basic']?.(monitor, translation, surroundings)
}

function translateProxy(
  proxy: Fields,
  monitor: Fields,
  translation: Translation,
  { secrets }: Surroundings,
): void {
  const protocol = proxy.text('protocol') ?? 'http'
  if (!['http', 'https', 'socks5', 'socks5h'].includes(protocol)) {
    translation.lose(monitor.at('proxyId'), `a proxy of the kind ${protocol} is not supported`)
    return
  }
  const host = `${proxy.text('host') ?? ''}:${proxy.text('port') ?? ''}`
  const [user, password] = ['username', 'password'].map((key) => encodeURIComponent(proxy.text(key) ?? ''))
  const url = `${protocol}://${isOn(proxy, 'auth') ? `${user}:${password}@` : ''}${host}`
  translation.refer(
    ['proxy'],
    secrets.keepInUrl(url, 'proxy', proxy.text('id') ?? '', 'password'),
    monitor.at('proxyId'),
  )
}
