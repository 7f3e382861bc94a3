import type { Translation } from '../shared/translation.ts'
import type { Fields } from '../shared/fields.ts'
import { goDuration } from '../shared/times.ts'

/** Keys that a kind can have. */
const kindsWithTls = new Set(['url', 'tcp', 'certificate', 'grpc', 'websocket'])

const lost: Readonly<Record<string, string>> = {
  'dns-resolver': 'names are looked up as the system does',
  'identity-aware-proxy': 'is not supported here',
  tunnel: 'tunnels over SSH are not supported here',
}

/** Translates a `client:`. */
export function translateClient(client: Fields, kind: string, translation: Translation): void {
  const timeout = goDuration(client.text('timeout') ?? '10s') ?? '10s'
  translation.set(['timeout'], timeout, client.at('timeout'))
  const insecure = client.take('insecure') === true
  if (insecure && kindsWithTls.has(kind)) translation.set(['tls', 'verify'], false, client.at('insecure'))
  const ignoresRedirects = client.take('ignore-redirect') === true
  const proxy = client.text('proxy-url')
  const oauth2 = client.below('oauth2')
  const tls = client.below('tls')
  for (const [ours, theirs] of [
    ['cert_file', 'certificate-file'],
    ['key_file', 'private-key-file'],
  ] as const) {
    const path = tls.text(theirs)
    if (path !== undefined) translation.set(['tls', ours], path, tls.at(theirs))
  }
  tls.take('renegotiation')
  if (kind === 'url') {
    if (ignoresRedirects) translation.set(['follow_redirects'], false, client.at('ignore-redirect'))
    if (proxy !== undefined) translation.refer(['proxy'], proxy, client.at('proxy-url'))
    translateOAuth2(oauth2, translation)
  } else if (proxy !== undefined)
    translation.lose(client.at('proxy-url'), 'only http and https go through a proxy')
  const network = client.text('network') ?? 'ip'
  if (/^ip[46]$/.test(network)) {
    translation.set(['ip_protocol'], network, client.at('network'))
    translation.set(['ip_protocol_fallback'], false, client.at('network'))
  } else if (network !== 'ip') translation.lose(client.at('network'), 'is not supported here')
  for (const [key, message] of Object.entries(lost))
    if (client.take(key) !== undefined) translation.lose(client.at(key), message)
}

function translateOAuth2(oauth2: Fields, translation: Translation): void {
  for (const key of ['token-url', 'client-id', 'client-secret']) {
    const text = oauth2.text(key)
    if (text !== undefined) translation.refer(['auth', 'oauth2', key.replace('-', '_')], text, oauth2.at(key))
  }
  const scopes = oauth2.list('scopes')
  if (scopes.length > 0) translation.set(['auth', 'oauth2', 'scopes'], scopes, oauth2.at('scopes'))
}
