import { addressReader, type Address } from '../../../net/address.ts'
import type { Expanded } from '../../../settings/secrets.ts'
import { credentialsOf } from '../../../settings/values/userinfo.ts'
import { asText, seen, ValueError } from '../../../settings/values/value.ts'
import { concealHttp } from '../../http/settings/secrets.ts'
import type { Concealed } from '../../kind.ts'

/** Where a service is, and what to log in with: what its URL says. */
export interface ServiceUrl {
  readonly address: Address
  /** Whether TLS begins with the connection. */
  readonly useTls: boolean
  /** Percent-decoded; empty where there is none. */
  readonly username: string
  /** Percent-decoded; empty where there is none. */
  readonly password: string
  /** What stands behind the host, without the first slash, percent-decoded. */
  readonly path: string
}

interface Scheme {
  readonly port: number
  readonly useTls: boolean
}

/**
 * Makes a reader of URLs such as `redis://:password@host:6379/0`.
 *
 * @param schemes By their name, without the colon.
 * @param example What the message shows.
 * @throws ValueError from the reader.
 */
export function serviceUrlReader(
  schemes: Readonly<Record<string, Scheme>>,
  example: string,
): (input: unknown) => ServiceUrl {
  const wrong = (): ValueError =>
    new ValueError(`${seen} is not a valid URL here: expected one such as ${example}`)
  return (input) => {
    const text = asText(input)
    const [, name = '', authority = ''] = /^([a-z0-9]+):\/\/([^\s/?#\\]+)(?:\/[^\s?#\\]*)?$/i.exec(text) ?? []
    const scheme = Object.hasOwn(schemes, name.toLowerCase()) ? schemes[name.toLowerCase()] : undefined
    if (!scheme || !URL.canParse(text)) throw wrong()
    const url = new URL(text)
    const { username = '', password = '' } = credentialsOf(url) ?? {}
    const host = authority.slice(authority.lastIndexOf('@') + 1)
    const address = addressReader({ example: 'server.example.com:1234', defaultPort: scheme.port })(host)
    try {
      return {
        address,
        useTls: scheme.useTls,
        username,
        password,
        path: decodeURIComponent(url.pathname.slice(1)),
      }
    } catch {
      throw wrong()
    }
  }
}

/** What may be shown of a target whose kind has a URL with credentials. @param key The key of the URL. */
export function concealService(
  written: Readonly<Record<string, unknown>>,
  key: string,
  expand: (text: string) => Expanded,
): Concealed {
  const { instance, shown, secrets } = concealHttp({ ...written, url: written[key] }, expand)
  const { url, ...others } = shown
  return { instance, shown: { ...others, [key]: url }, secrets }
}
