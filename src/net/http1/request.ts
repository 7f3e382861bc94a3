/** A request, as it is sent on its own connection. */
export interface HttpRequest {
  readonly url: URL
  readonly method: string
  /** Without those of the connection: `Host`, `Connection` and `Content-Length` are added. */
  readonly headers: Readonly<Record<string, string>>
  /** Default: none. */
  readonly body?: string
}

/**
 * Writes a request out (RFC 9112, section 3).
 *
 * @throws TypeError when a header would not be one.
 */
export function requestBytes({ url, method, headers, body }: HttpRequest): Buffer {
  const content = Buffer.from(body ?? '')
  const lines = [
    `${method} ${url.pathname}${url.search} HTTP/1.1`,
    `host: ${url.host}`,
    'connection: close',
    ...Object.entries(headers).map(([name, value]) => headerLine(name, value)),
    ...(body === undefined ? [] : [`content-length: ${content.length}`]),
  ]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), content])
}

function headerLine(name: string, value: string): string {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
    throw new TypeError(`the header ${JSON.stringify(name)} cannot be sent`)
  return `${name}: ${value}`
}
