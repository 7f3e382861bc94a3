import { limits } from './clean.ts'

export interface HostAndPath {
  /** As the URL has it: with the scheme and the port, but without the userinfo. */
  readonly origin: string
  /** In lower case, without the port; an IPv6 address keeps its brackets. */
  readonly host: string
  /** Without query string and fragment; `/` where it is empty. */
  readonly path: string
}

const scheme = /^(?:[a-z][a-z0-9+.-]*:)?\/\//i
/** Neither the forbidden host code points of the URL standard, nor white space. */
const name = /^[^\s\p{Cc}"#%/:<>?@[\\\]^`{|}]+$/u
const ipv6 = /^[0-9a-f:.]+(?:%[\w.-]+)?$/i

/**
 * Takes a URL apart, more leniently than the URL standard, because agents report it as the program passed it: the
 * scheme may be missing, and spaces may be anywhere.
 *
 * @returns Undefined when it names no valid host.
 */
export function splitUrl(url: string): HostAndPath | undefined {
  const start = scheme.exec(url)?.[0].length ?? 0
  const end = endOfAuthority(url, start)
  // A password may itself contain an @. The scheme, which stands before, cannot.
  const authority = url.slice(url.lastIndexOf('@', end - 1) + 1 || start, end)
  const host = hostOf(authority)
  if (host === undefined) return undefined
  return { origin: url.slice(0, start) + authority, host, path: pathOf(url.slice(end)) }
}

/** The host of `host`, `host:port`, `user@host` or of a whole URL. Undefined when it is not a valid one. */
export function cleanHost(text: string): string | undefined {
  return splitUrl(text)?.host
}

/** The path of a request target, which a program may also have written as a whole URL. */
export function cleanPath(target: string): string {
  if (target === '*') return target
  const start = scheme.exec(target)?.[0].length
  // Two slashes alone begin a path here, not a host.
  if (start === undefined || start === 2) return pathOf(target)
  return pathOf(target.slice(endOfAuthority(target, start)))
}

function endOfAuthority(url: string, start: number): number {
  for (let i = start; i < url.length; i++) {
    const c = url.charCodeAt(i)
    if (c === 0x2f || c === 0x3f || c === 0x23 || c === 0x5c) return i
  }
  return url.length
}

function pathOf(rest: string): string {
  let end = rest.indexOf('?')
  const fragment = rest.indexOf('#')
  if (fragment !== -1 && (end === -1 || fragment < end)) end = fragment
  const path = end === -1 ? rest : rest.slice(0, end)
  return path.startsWith('/') ? path : `/${path}`
}

function hostOf(authority: string): string | undefined {
  if (authority.length > limits.host + 6) return undefined
  let host = authority
  if (authority.startsWith('[')) {
    const close = authority.indexOf(']')
    const address = authority.slice(1, close)
    return close > 0 && ipv6.test(address) && isPort(authority.slice(close + 1))
      ? `[${address.toLowerCase()}]`
      : undefined
  }
  const colon = authority.indexOf(':')
  if (colon !== -1) {
    if (authority.includes(':', colon + 1)) {
      return ipv6.test(authority) ? `[${authority.toLowerCase()}]` : undefined
    }
    if (!isPort(authority.slice(colon))) return undefined
    host = authority.slice(0, colon)
  }
  if (host.endsWith('.')) host = host.slice(0, -1)
  return host.length <= limits.host && name.test(host) ? host.toLowerCase() : undefined
}

function isPort(text: string): boolean {
  return text === '' || /^:\d{0,5}$/.test(text)
}
