import { credentialsOf } from '../../settings/values/userinfo.ts'
import ipaddr from 'ipaddr.js'
import { certificatesOf, readPemFile, type Pem } from '../tls/pem.ts'
import { asText, oneOrMany, seen, value, ValueError } from '../../settings/values/value.ts'

/** The way to a target that is not the direct one. */
export interface ProxySettings {
  /** `env`: whatever the environment says when the check is made. */
  readonly url: URL | 'env'
  /** The hosts that are reached directly, as {@link isNoProxyRule} has them. */
  readonly noProxy: readonly string[]
  /** The authorities that the certificate of the proxy is verified with. Absent: those that Node.js trusts. */
  readonly ca?: Pem
}

const help = 'expected one such as http://proxy.example:3128, socks5h://proxy.example:1080, or env'

/** RFC 1929: a length is one byte. */
const maxSocksText = 255

/**
 * Reads the URL of a proxy.
 *
 * @throws ValueError
 */
export function readProxyUrl(text: string): URL {
  const wellFormed = /^(?:https?|socks5h?):\/\/[^\s/\\?#]+\/?$/i.test(text) && URL.canParse(text)
  if (!wellFormed) throw new ValueError(`${seen} is not a valid proxy: ${help}`)
  const url = new URL(text)
  const { username = '', password = '' } = credentialsOf(url) ?? {}
  if (isSocks(url) && [username, password].some((part) => Buffer.byteLength(part) > maxSocksText))
    throw new ValueError(`the user name or password is too long for SOCKS5: at most ${maxSocksText} bytes`)
  return url
}

/** Whether a proxy speaks SOCKS5 (RFC 1928). */
export function isSocks({ protocol }: URL): boolean {
  return protocol === 'socks5:' || protocol === 'socks5h:'
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
        'The proxy to use: `http://user:password@proxy.example:3128`, the same with `https://`, `socks5://` or `socks5h://`, or `env` for what `https_proxy`, `HTTPS_PROXY`, `http_proxy` (in lower case only), `all_proxy` or `ALL_PROXY` says; `~` removes an inherited one. Default: none.',
    },
  ).optional(),
  proxy_ca_file: value(readPemFile(certificatesOf), { type: 'string' })
    .optional()
    .describe(
      'The authorities to trust for the certificate of an `https://` proxy, as the absolute path of a file. Default: those of Node.js.',
    ),
  no_proxy: oneOrMany(readNoProxy, {
    type: 'string',
    description: 'A host.',
  })
    .optional()
    .describe(
      'Hosts that are reached directly, one or a list: `example.com` (with its subdomains), `.example.com` (only its subdomains), `10.0.0.0/8`, `host:8080`, `*`. Default: none; with `env` also what `no_proxy` or `NO_PROXY` says.',
    ),
}
