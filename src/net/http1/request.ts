/** A request, as it is sent on its own connection. */
export interface HttpRequest {
  readonly url: URL
  /** What is asked for, in place of the path and the query of the URL. */
  readonly target?: string
  readonly method: string
  /**
   * Without those of the connection: `Connection` and `Content-Length` are added, and `Host` where there is none under its name
   * in lower case.
   */
  readonly headers: Readonly<Record<string, string>>
  /** Default: none. */
  readonly body?: string
}

/** Requests with these have a body, even if it is empty (RFC 9110, section 8.6). */
const withBody = new Set(['POST', 'PUT', 'PATCH', 'QUERY', 'PROPFIND', 'PROPPATCH'])

/**
 * Writes a request out (RFC 9112, section 3).
 *
 * @throws TypeError when it would become something else than one request.
 */
export function requestBytes({ url, target, method, headers, body }: HttpRequest): Buffer {
  const path = target ?? url.pathname + url.search
  if (!/^[\x21-\xff]+$/.test(path)) throw new TypeError('the path cannot be sent')
  const content = body === undefined || body === '' ? undefined : Buffer.from(body)
  let head = `${method} ${path} HTTP/1.1\r\n${headerLine('host', headers['host'] ?? url.host)}connection: close\r\n`
  for (const name in headers) if (name !== 'host') head += headerLine(name, headers[name] ?? '')
  if (content || withBody.has(method)) head += `content-length: ${content?.length ?? 0}\r\n`
  const bytes = Buffer.from(`${head}\r\n`, 'latin1')
  return content ? Buffer.concat([bytes, content]) : bytes
}

/** They would contradict where the body ends. */
const framing = /^(?:content-length|transfer-encoding)$/i

function headerLine(name: string, value: string): string {
  if (
    framing.test(name) ||
    !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) ||
    !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)
  )
    throw new TypeError(`the header ${JSON.stringify(name)} cannot be sent`)
  return `${name}: ${value}\r\n`
}
