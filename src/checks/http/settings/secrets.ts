import { credentialName } from '../../../settings/credential-name.ts'
import { hasExpansion, type Expanded, type Insertion } from '../../../settings/secrets.ts'
import type { Concealed } from '../../kind.ts'
import { concealTls } from '../../../net/tls/settings.ts'

const mask = '<secret>'

/** Words in a request body that suggest that it holds credentials. */
const credentialBody = /token|secret|passw|pwd|api[-_]?key|credential/i

/** A value that consists of references only, so that it gives nothing away. A default would. */
const reference = /^(?:(?:Bearer|Basic|Token|ApiKey) +)?(?:\$\{(?:file:[^}]+|[A-Za-z_]\w*)\})+$/i

type Written = Readonly<Record<string, unknown>>
type Expand = (text: string) => Expanded

/** What may be shown of an HTTP target. */
export function concealHttp(written: Written, expand: Expand): Concealed {
  const secrets = new Set<string>()
  const url = concealUrl(text(written['url']), expand, secrets)
  const { headers, body, auth, expect, tls, proxy } = written
  collectInserted([headers, body, expectedTexts(expect)], expand, secrets)
  const shown = {
    ...written,
    url: url.shown,
    ...(isMapping(headers) && { headers: concealNamed(headers, expand, secrets) }),
    ...(typeof body === 'string' && { body: concealBody(body, expand, secrets) }),
    ...(isMapping(auth) && { auth: concealAuth(auth, expand, secrets) }),
    ...(typeof proxy === 'string' && { proxy: concealProxy(proxy, expand, secrets) }),
    ...(tls !== undefined && { tls: concealTls(tls, expand, secrets) }),
  }
  secrets.delete('')
  return { instance: url.instance, shown, secrets: [...secrets] }
}

/** The thresholds are not secrets: they are metrics. */
function expectedTexts(expect: unknown): unknown[] {
  const keys = ['headers', 'headers_if_present', 'not_headers', 'json', 'cel', 'not_cel', 'body']
  return isMapping(expect) ? keys.map((key) => expect[key]) : []
}

function concealUrl(
  written: string,
  expand: Expand,
  secrets: Set<string>,
): { readonly shown: string; readonly instance: string } {
  const { value, insertions } = expand(written)
  const [, scheme = '', userinfo = '', host = ''] = /^([a-z]+:\/\/)([^/?#]*@)?([^/?#]*)/i.exec(value) ?? []
  const hostStart = scheme.length + userinfo.length
  const pathStart = hostStart + host.length
  const pathEnd = endOfPath(value, pathStart)
  // Where a target lives is not a secret, and has to be seen; who asks, and for what, may be.
  for (const { start, end } of insertions) {
    secrets.add(value.slice(Math.max(start, scheme.length), Math.min(end, hostStart)))
    secrets.add(value.slice(Math.max(start, pathStart), end).replace(/^\//, ''))
  }
  const parsed = new URL(value)
  for (const credential of [parsed.username, parsed.password]) secrets.add(decodeURIComponent(credential))
  for (const [name, parameter] of parsed.searchParams) if (credentialName.test(name)) secrets.add(parameter)
  const path = maskRange(value, pathStart, pathEnd, insertions)
  const instance = new URL(scheme + host + path).href.replaceAll(encodeURI(mask), mask)
  return { shown: concealWrittenUrl(written), instance }
}

function endOfPath(url: string, pathStart: number): number {
  const length = url.slice(pathStart).search(/[?#]/)
  return length === -1 ? url.length : pathStart + length
}

function maskRange(value: string, from: number, to: number, insertions: readonly Insertion[]): string {
  let masked = ''
  let position = from
  for (const insertion of insertions) {
    const start = Math.max(insertion.start, from)
    const end = Math.min(insertion.end, to)
    if (start >= end || value.slice(start, end) === '/') continue
    // The slash that ends the host is part of many a base URL; the path still has to start with it.
    masked += value.slice(position, start) + (start === from && value[start] === '/' ? '/' : '') + mask
    position = end
  }
  return masked + value.slice(position, to)
}

function concealWrittenUrl(written: string): string {
  return written
    .replace(/^([a-z][a-z0-9]*:\/\/)([^/?#@]*)@/i, (_, scheme: string, userinfo: string) =>
      userinfo.split(':').every((part) => reference.test(part))
        ? `${scheme}${userinfo}@`
        : `${scheme}${mask}@`,
    )
    .replace(/([?&])([^=?&#]*)=([^&#]*)/g, (whole, separator: string, name: string, parameter: string) =>
      credentialName.test(name) && !reference.test(parameter) ? `${separator}${name}=${mask}` : whole,
    )
}

/** Conceals the values whose names say that they are credentials. */
export function concealNamed(headers: Written, expand: Expand, secrets: Set<string>): Written {
  return mapValues(headers, (name, written) => {
    if (typeof written !== 'string' || !credentialName.test(name)) return written
    const { value } = expand(written)
    secrets.add(value)
    secrets.add(value.slice(value.lastIndexOf(' ') + 1))
    return reference.test(written) ? written : mask
  })
}

function concealBody(written: string, expand: Expand, secrets: Set<string>): string {
  if (!credentialBody.test(written) || reference.test(written)) return written
  secrets.add(expand(written).value)
  return mask
}

function concealProxy(written: string, expand: Expand, secrets: Set<string>): string {
  const [, username, password] = /^[a-z][a-z0-9]*:\/\/([^/@:]*):?([^/@]*)@/i.exec(expand(written).value) ?? []
  if (username !== undefined && password !== undefined) {
    const pair = [username, password].map(decodeURIComponent)
    for (const part of [username, password, ...pair]) secrets.add(part)
    secrets.add(Buffer.from(pair.join(':')).toString('base64'))
  }
  return concealWrittenUrl(written)
}

/** What `auth:` holds in addition to credentials. */
const openAuthKeys = new Set(['expires', 'token_url', 'client_id', 'scopes', 'audience', 'auth_style'])

function concealAuth(auth: Written, expand: Expand, secrets: Set<string>): Written {
  const { basic, oauth2 } = auth
  if (isMapping(basic)) addPair(basic['username'], basic['password'], (part) => part)
  if (isMapping(oauth2)) addPair(oauth2['client_id'], oauth2['client_secret'], encodeURIComponent)
  return mapValues(auth, (key, part) => {
    if (isMapping(part)) return concealAuth(part, expand, secrets)
    if (typeof part !== 'string') return part
    if (openAuthKeys.has(key)) return key === 'token_url' ? concealWrittenUrl(part) : part
    secrets.add(expand(part).value)
    return reference.test(part) ? part : mask
  })

  /** As they are sent. */
  function addPair(user: unknown, password: unknown, encode: (part: string) => string): void {
    const pair = [user, password].map((part) => encode(expand(text(part)).value)).join(':')
    secrets.add(Buffer.from(pair).toString('base64'))
  }
}

/** Collects what came from the environment and from files. */
export function collectInserted(written: unknown, expand: Expand, secrets: Set<string>): void {
  if (typeof written === 'string') {
    if (!hasExpansion(written)) return
    const { value, insertions } = expand(written)
    for (const { start, end } of insertions) secrets.add(value.slice(start, end))
  } else if (typeof written === 'object' && written !== null) {
    for (const item of Object.values(written)) collectInserted(item, expand, secrets)
  }
}

function isMapping(value: unknown): value is Written {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function mapValues(mapping: Written, change: (key: string, value: unknown) => unknown): Written {
  return Object.fromEntries(Object.entries(mapping).map(([key, value]) => [key, change(key, value)]))
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
