import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { asText, seen, ValueError } from '../settings/values/value.ts'

/** Where something listens. */
export interface Address {
  /** A name or an IP address, IPv6 without brackets. */
  readonly host: string
  readonly port: number
}

interface AddressForm {
  /** Used where none is written. Absent: a port has to be. */
  readonly defaultPort?: number
  /** What the message shows, such as `smtp.example.com:587`. */
  readonly example: string
}

/**
 * Makes a reader of `host:port`, IPv6 addresses in brackets. Names in other scripts become ASCII (IDNA).
 *
 * @throws ValueError from the reader.
 */
export function addressReader({ defaultPort, example }: AddressForm): (input: unknown) => Address {
  const wrong = (): ValueError =>
    new ValueError(`${seen} is not a valid address: expected one such as ${example}`)
  return (input) => {
    const text = asText(input)
    if (text.includes('://')) throw new ValueError(`${seen} is a URL: expected an address such as ${example}`)
    if (isIP(text) === 6 && defaultPort !== undefined) return { host: text, port: defaultPort }
    const [, bracketed, name, digits] = /^(?:\[([^[\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? []
    if (bracketed !== undefined && isIP(bracketed) !== 6) throw wrong()
    const host = bracketed ?? readHost(name ?? '')
    if (host === undefined) throw wrong()
    if (digits === undefined && defaultPort === undefined) {
      throw new ValueError(`${seen} has no port: expected an address such as ${example}`)
    }
    const port = digits === undefined ? defaultPort : Number(digits)
    if (port === undefined || port < 1 || port > 65_535) {
      throw new ValueError(`${seen} has no valid port: expected one from 1 to 65535`)
    }
    return { host, port }
  }
}

/** A name or an IPv4 address. */
function readHost(text: string): string | undefined {
  const host = /^[\x21-\x7e]*$/.test(text) ? text : domainToASCII(text)
  if (!/^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?$/.test(host) || host.length > 254) return undefined
  // All digits and dots, but no address: a typing error that a resolver may make something else of.
  if (/^[0-9.]+$/.test(host) && isIP(host) !== 4) return undefined
  return host
}

/** `smtp.example.com:587`, `[::1]:25`. */
export function formatAddress({ host, port }: Address): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`
}
