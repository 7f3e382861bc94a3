import { isMapping } from '../../config/document/parts.ts'
import { escapeExpansions } from '../../settings/secrets.ts'
import type { Translation } from '../shared/translation.ts'
import type { Fields } from '../shared/fields.ts'
import { referHeader } from '../shared/headers.ts'
import type { Surroundings } from './surroundings.ts'

/** Whether a host is written with its port. */
export function hasOwnPort(host: string): boolean {
  return /^(?:[^:]+|\[[^\]]+\]):\d+$/.test(host)
}

/** Keys of a monitor that asks over HTTP. */
export const requestKeys = [
  'authDomain',
  'authWorkstation',
  'httpBodyEncoding',
  'cacheBust',
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
export function translateRequest(monitor: Fields, translation: Translation, { proxies }: Surroundings): void {
  translation.set(['url'], monitor.text('url'), monitor.at('url'))
  const method = monitor.text('method') ?? 'GET'
  if (method !== 'GET') translation.set(['method'], method, monitor.at('method'))
  const codes = monitor.list('accepted_statuscodes').map(String)
  if (codes.length > 0) translation.set(['expect', 'status'], codes, monitor.at('accepted_statuscodes'))
  translateHeaders(monitor, translation)
  const body = monitor.text('body') ?? ''
  if (body !== '') translation.set(['body'], body, monitor.at('body'))
  const redirects = Number(monitor.text('maxredirects') ?? 10)
  if (redirects === 0) translation.set(['follow_redirects'], false, monitor.at('maxredirects'))
  else if (redirects !== 10) translation.note(monitor.at('maxredirects'), 'up to ten redirects are followed')
  if (monitor.take('ignoreTls') === true) translation.set(['tls', 'verify'], false, monitor.at('ignoreTls'))
  const family = monitor.text('ipFamily')
  if (family === 'ipv4' || family === 'ipv6') {
    translation.set(['ip_protocol'], family.replace('ipv', 'ip'), monitor.at('ipFamily'))
    translation.set(['ip_protocol_fallback'], false, monitor.at('ipFamily'))
  }
  translateAuth(monitor, translation)
  const proxy = proxies.get(monitor.text('proxyId') ?? '')
  if (proxy) translateProxy(proxy, monitor, translation)
}

function translateHeaders(monitor: Fields, translation: Translation): void {
  const text = monitor.text('headers') ?? ''
  const written = parsed(text) ?? monitor.take('headers')
  const headers = isMapping(written) ? written : {}
  if (text.trim() !== '' && !isMapping(written))
    translation.lose(monitor.at('headers'), 'is not a JSON object')
  for (const [name, value] of Object.entries(headers))
    referHeader(translation, name, escapeExpansions(String(value)), monitor.at('headers'))
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

type AuthTranslator = (monitor: Fields, translation: Translation) => void

const authMethods: Readonly<Record<string, AuthTranslator>> = {
  basic: (monitor, translation) => {
    translation.set(
      ['auth', 'basic', 'username'],
      monitor.text('basic_auth_user') ?? '',
      monitor.at('basic_auth_user'),
    )
    translation.set(
      ['auth', 'basic', 'password'],
      monitor.text('basic_auth_pass') ?? '',
      monitor.at('basic_auth_pass'),
    )
  },
  'oauth2-cc': (monitor, translation) => {
    const keys = {
      token_url: 'oauth_token_url',
      client_id: 'oauth_client_id',
      client_secret: 'oauth_client_secret',
    }
    for (const [ours, theirs] of Object.entries(keys))
      translation.set(['auth', 'oauth2', ours], monitor.text(theirs), monitor.at(theirs))
    const scopes = (monitor.text('oauth_scopes') ?? '').split(/\s+/).filter((scope) => scope !== '')
    if (scopes.length > 0) translation.set(['auth', 'oauth2', 'scopes'], scopes, monitor.at('oauth_scopes'))
    if (monitor.text('oauth_auth_method') === 'client_secret_post')
      translation.set(['auth', 'oauth2', 'auth_style'], 'body', monitor.at('oauth_auth_method'))
  },
  mtls: (monitor, translation) => {
    for (const [ours, theirs] of [
      ['cert', 'tlsCert'],
      ['key', 'tlsKey'],
      ['ca', 'tlsCa'],
    ] as const) {
      const pem = monitor.text(theirs) ?? ''
      if (pem !== '') translation.set(['tls', ours], pem, monitor.at(theirs))
    }
  },
  ntlm: (monitor, translation) => {
    translation.lose(monitor.at('authMethod'), 'NTLM is not supported here')
  },
}

function translateAuth(monitor: Fields, translation: Translation): void {
  const method = monitor.text('authMethod') ?? ''
  const translate = Object.hasOwn(authMethods, method) ? authMethods[method] : undefined
  // Older versions have no method, but the two keys.
  if (translate) translate(monitor, translation)
  else if ((monitor.text('basic_auth_user') ?? '') !== '') authMethods['basic']?.(monitor, translation)
}

function translateProxy(proxy: Fields, monitor: Fields, translation: Translation): void {
  const protocol = proxy.text('protocol') ?? 'http'
  if (!['http', 'https', 'socks5', 'socks5h'].includes(protocol)) {
    translation.lose(monitor.at('proxyId'), `a proxy of the kind ${protocol} is not supported`)
    return
  }
  const hasAuth = ['true', '1'].includes(proxy.text('auth') ?? '')
  const [user, password] = ['username', 'password'].map((key) => encodeURIComponent(proxy.text(key) ?? ''))
  const host = `${proxy.text('host') ?? ''}:${proxy.text('port') ?? ''}`
  translation.set(
    ['proxy'],
    `${protocol}://${hasAuth ? `${user ?? ''}:${password ?? ''}@` : ''}${host}`,
    monitor.at('proxyId'),
  )
}
