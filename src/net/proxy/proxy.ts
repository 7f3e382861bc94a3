import ipaddr from 'ipaddr.js'
import { isNoProxyRule, readProxyUrl, type ProxySettings } from './settings.ts'
import { ValueError } from '../../settings/values/value.ts'
import { ProbeFailure } from '../failure.ts'

/** The environment, as a parameter. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>

/**
 * The proxy through which a URL is reached; nothing where it is reached directly.
 *
 * @param env Looked at where the settings say so. The names are those of curl: `https_proxy`, `http_proxy` (for safety only in
 * lower case: a CGI server sets the other one to what a client says), `all_proxy` and `no_proxy`.
 * @throws ProbeFailure `internal` when the environment names no proxy that can be used.
 */
export function proxyFor(
  url: URL,
  settings: ProxySettings | undefined,
  env: ProxyEnvironment,
): URL | undefined {
  if (!settings) return undefined
  const fromEnv = settings.url === 'env'
  const proxy = fromEnv ? fromEnvironment(url, env) : settings.url
  const rules = fromEnv ? [...settings.noProxy, ...noProxyOf(env)] : settings.noProxy
  return proxy && !needsNoProxy(url, rules) ? proxy : undefined
}

function fromEnvironment({ protocol }: URL, env: ProxyEnvironment): URL | undefined {
  const names =
    protocol === 'https:'
      ? ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY']
      : ['http_proxy', 'all_proxy', 'ALL_PROXY']
  const name = names.find((candidate) => (env[candidate] ?? '') !== '')
  if (name === undefined) return undefined
  const text = env[name] ?? ''
  try {
    return readProxyUrl(/^[a-z][a-z0-9]*:\/\//i.test(text) ? text : `http://${text}`)
  } catch (cause) {
    if (!(cause instanceof ValueError)) throw cause
    throw new ProbeFailure(
      'internal',
      `the environment variable ${name} does not contain the URL of a proxy`,
      {
        cause,
      },
    )
  }
}

function noProxyOf(env: ProxyEnvironment): string[] {
  const text = env['no_proxy'] ?? env['NO_PROXY'] ?? ''
  return text.split(/[\s,]+/).filter(isNoProxyRule)
}

/** Whether a rule says that a URL has to be reached directly. */
export function needsNoProxy(url: URL, rules: readonly string[]): boolean {
  const host = url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase()
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  return rules.some((rule) => matches(rule.toLowerCase(), host, port))
}

function matches(rule: string, host: string, port: string): boolean {
  if (rule === '*') return true
  if (ipaddr.isValidCIDR(rule)) return ipaddr.isValid(host) && isInNetwork(host, rule)
  if (ipaddr.isValid(rule)) return isSameAddress(rule, host)
  const [, written = '', rulePort] = /^(.*?)(?::(\d+))?$/.exec(rule) ?? []
  if (rulePort !== undefined && rulePort !== port) return false
  const name = written
    .replace(/^\[|\]$/g, '')
    .replace(/^\*/, '')
    .replace(/\.$/, '')
  if (ipaddr.isValid(name)) return isSameAddress(name, host)
  return name.startsWith('.') ? host.endsWith(name) : host === name || host.endsWith(`.${name}`)
}

function isSameAddress(address: string, host: string): boolean {
  return ipaddr.isValid(host) && ipaddr.process(host).toString() === ipaddr.process(address).toString()
}

function isInNetwork(host: string, network: string): boolean {
  const [range, bits] = ipaddr.parseCIDR(network)
  const address = ipaddr.process(host)
  return address.kind() === range.kind() && address.match(range, bits)
}

/** What a proxy asks for, RFC 7617; nothing where its URL has no credentials. */
export function proxyAuthorization({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined
  const pair = [username, password].map(decodeURIComponent).join(':')
  return `Basic ${Buffer.from(pair).toString('base64')}`
}
