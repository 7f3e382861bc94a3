/** Where the collector listens. */
export interface Address {
  /** A name or an IP address, without brackets. */
  readonly host: string
  readonly port: number
}

/** Where Probity's collector listens by default. */
export const defaultAddress = '127.0.0.1:51712'

/**
 * Reads `host:port`, `host` or `[::1]:port`. The port may be missing.
 *
 * @returns Undefined when it is none of these.
 */
export function parseAddress(text: string): Address | undefined {
  const match = /^(?:\[([0-9a-f:.%\w]+)\]|([^\s:[\]/@]+))(?::(\d{1,5}))?$/i.exec(text.trim())
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3] ?? 51_712)
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port }
}
