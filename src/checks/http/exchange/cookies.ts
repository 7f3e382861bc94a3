import { isIP } from 'node:net'
import { parseHttpDate } from '../headers.ts'

interface Cookie {
  readonly name: string
  readonly value: string
  readonly domain: string
  /** Whether only the very host that set it gets it back. */
  readonly hostOnly: boolean
  readonly path: string
  readonly secure: boolean
}

/** A server cannot make one probe remember more. */
const maxCookies = 50

/**
 * The cookies of one probe: what a redirect sets is sent back on the way, as a login needs it. RFC 6265 without public
 * suffixes, which protect users of several sites from each other: a probe has one errand, and forgets all of them.
 */
export class CookieJar {
  #cookies: Cookie[] = []

  /** Takes in the `Set-Cookie` headers of a response. */
  store(url: URL, setCookies: readonly string[], now: number): void {
    for (const header of setCookies) {
      const parsed = parseSetCookie(header, url, now)
      if (!parsed) continue
      const { cookie, expired } = parsed
      this.#cookies = this.#cookies.filter((other) => !sameCookie(other, cookie))
      if (!expired && this.#cookies.length < maxCookies) this.#cookies.push(cookie)
    }
  }

  /** The value of a cookie, wherever it belongs; of several of one name, that which was set last. */
  value(name: string): string | undefined {
    return this.#cookies.findLast((cookie) => cookie.name === name)?.value
  }

  /**
   * The `Cookie` header of a request.
   *
   * @param configured The header that the check asks for; a cookie of the same name replaces its value.
   */
  header(url: URL, configured: string | undefined): string | undefined {
    if (this.#cookies.length === 0 && configured === undefined) return undefined
    const sent = this.#cookies.filter((cookie) => belongsTo(cookie, url))
    const names = new Set(sent.map(({ name }) => name))
    const kept = (configured ?? '')
      .split(';')
      .map((pair) => pair.trim())
      .filter((pair) => pair !== '' && !names.has(pair.split('=', 1)[0] ?? ''))
    const pairs = [...kept, ...sent.map(({ name, value }) => `${name}=${value}`)]
    return pairs.length > 0 ? pairs.join('; ') : undefined
  }
}

/** RFC 6265 section 5.2. */
function parseSetCookie(
  header: string,
  url: URL,
  now: number,
): { cookie: Cookie; expired: boolean } | undefined {
  const [pair = '', ...attributes] = header.split(';')
  const separator = pair.indexOf('=')
  const name = pair.slice(0, separator).trim()
  if (separator < 1 || name === '') return undefined
  const attribute = new Map(attributes.map(keyAndValue))
  const domain = attribute.get('domain')?.replace(/^\./, '').toLowerCase()
  const hostOnly = domain === undefined || domain === '' || domain === url.hostname
  if (!hostOnly && !(isWithin(url.hostname, domain) && domain.includes('.'))) return undefined
  const path = attribute.get('path')
  return {
    cookie: {
      name,
      value: pair.slice(separator + 1).trim(),
      domain: hostOnly ? url.hostname : domain,
      hostOnly: domain === undefined || domain === '' || isIP(url.hostname) !== 0,
      path: path?.startsWith('/') ? path : url.pathname.slice(0, Math.max(1, url.pathname.lastIndexOf('/'))),
      secure: attribute.has('secure'),
    },
    expired: isExpired(attribute, now),
  }
}

function keyAndValue(attribute: string): [string, string] {
  const [key = '', ...value] = attribute.split('=')
  return [key.trim().toLowerCase(), value.join('=').trim()]
}

function isExpired(attribute: ReadonlyMap<string, string>, now: number): boolean {
  const maxAge = attribute.get('max-age')
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0
  const expires = parseHttpDate(attribute.get('expires')?.replaceAll('-', ' '))
  return expires !== undefined && expires * 1000 <= now
}

function isWithin(host: string, domain: string): boolean {
  return host.endsWith(`.${domain}`) && isIP(host) === 0
}

function belongsTo({ domain, hostOnly, path, secure }: Cookie, url: URL): boolean {
  const host = url.hostname === domain || (!hostOnly && isWithin(url.hostname, domain))
  const within =
    url.pathname === path ||
    (url.pathname.startsWith(path) && (path.endsWith('/') || url.pathname[path.length] === '/'))
  return host && within && (!secure || url.protocol === 'https:')
}

function sameCookie(a: Cookie, b: Cookie): boolean {
  return a.name === b.name && a.domain === b.domain && a.path === b.path
}
