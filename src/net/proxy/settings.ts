import { credentialsOf } from '../../settings/values/userinfo.ts'
import ipaddr from 'ipaddr.js'
import { asText, oneOrMany, seen, value, ValueError } from '../../settings/values/value.ts'

/** The way to a target that is not the direct one. */
export interface ProxySettings {
  /** `env`: whatever the environment says when the check is made. */
  readonly url: URL | 'env'
  /** The hosts that are reached directly, as {@link isNoProxyRule} has them. */
  readonly noProxy: readonly string[]
}

const help = 'expected one such as http://proxy.example:3128, or env'

/**
 * Reads the URL of a proxy.
 *
 * @throws ValueError
 */
export function readProxyUrl(text: string): URL {
  if (/^https:\/\//i.test(text))
    throw new ValueError(`${seen} uses TLS, which is not supported: write http://`)
  const wellFormed = /^http:\/\/[^\s/\\?#]+\/?$/i.test(text) && URL.canParse(text)
  if (!wellFormed) throw new ValueError(`${seen} is not a valid proxy: ${help}`)
  const url = new URL(text)
  credentialsOf(url)
  return url
}

/**
 * Whether a text says which hosts need no proxy: `*`, an address, a network, or a name, which stands for what is below it too
 * (`.example.com` for that alone); a port may follow.
 */
export function isNoProxyRule(text: string): boolean {
  if (text === '*' || ipaddr.isValid(text) || ipaddr.isValidCIDR(text)) return true
  return (
    /^(?:\*?\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?(?::\d{1,5})?$/i.test(text) ||
    /^\[[0-9a-f:.]+\](?::\d{1,5})?$/i.test(text)
  )
}

function readNoProxy(input: unknown): string {
  const text = asText(input)
  if (isNoProxyRule(text)) return text
  throw new ValueError(
    `${seen} is not a valid host: expected one such as example.com, .example.com, 10.0.0.0/8, host:8080 or *`,
  )
}

/** The keys of a target that say how it is reached. */
export const proxyShape = {
  proxy: value(
    (input) => {
      if (input === null) return null
      const text = asText(input)
      return text === 'env' ? 'env' : readProxyUrl(text)
    },
    {
      type: ['string', 'null'],
      description:
        'The proxy to use: `http://user:password@proxy.example:3128`, or `env` for what `https_proxy`, `HTTPS_PROXY`, `http_proxy` (in lower case only), `all_proxy` or `ALL_PROXY` says; `~` removes an inherited one. For https URLs, Probity asks it for a tunnel. Default: none.',
    },
  ).optional(),
  no_proxy: oneOrMany(readNoProxy, {
    type: 'string',
    description: 'A host.',
  })
    .optional()
    .describe(
      'Hosts that are reached directly, one or a list: `example.com` (with its subdomains), `.example.com` (only its subdomains), `10.0.0.0/8`, `host:8080`, `*`. Default: none; with `env` also what `no_proxy` or `NO_PROXY` says.',
    ),
}
