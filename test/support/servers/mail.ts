/** A mail as its reader sees it. */
export interface ReadMail {
  /** Names in lower case, values unfolded and decoded; a header that occurs twice has both. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  /** Bodies by content type. */
  readonly parts: ReadonlyMap<string, string>
}

/** Reads a mail: RFC 5322 headers, RFC 2047 words, multipart bodies, quoted-printable and base64. */
export function readMail(raw: string): ReadMail {
  const { headers, body } = split(raw)
  const parts = new Map<string, string>()
  collect(headers, body, parts)
  return { headers, parts }
}

function split(text: string): { headers: Map<string, string[]>; body: string } {
  const end = text.indexOf('\r\n\r\n')
  const headers = new Map<string, string[]>()
  for (const line of text
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')) {
    const [, name = '', value = ''] = /^([!-9;-~]+):[ \t]*(.*)$/.exec(line) ?? []
    if (name === '') throw new Error(`no header: ${JSON.stringify(line)}`)
    headers.set(name.toLowerCase(), [...(headers.get(name.toLowerCase()) ?? []), decodeWords(value)])
  }
  return { headers, body: text.slice(end + 4) }
}

function collect(
  headers: ReadonlyMap<string, readonly string[]>,
  body: string,
  parts: Map<string, string>,
): void {
  const type = headers.get('content-type')?.[0] ?? 'text/plain'
  const boundary = /boundary="?([^";]+)/.exec(type)?.[1]
  if (boundary === undefined) {
    const encoding = headers.get('content-transfer-encoding')?.[0] ?? '7bit'
    parts.set(type.split(';')[0]!, decodeBody(body, encoding).replaceAll('\r\n', '\n'))
    return
  }
  const sections = `\r\n${body}`.split(`\r\n--${boundary}`).slice(1, -1)
  for (const section of sections) {
    const inner = split(section.replace(/^\r\n/, ''))
    collect(inner.headers, inner.body, parts)
  }
}

function decodeBody(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  return encoding === 'quoted-printable' ? decodeQuoted(body.replace(/=\r\n/g, '')) : body
}

function decodeQuoted(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

function decodeWords(value: string): string {
  return value
    .replace(/(\?=)\s+(=\?)/g, '$1$2')
    .replace(/=\?utf-8\?([QB])\?([^?]*)\?=/gi, (_, encoding: string, text: string) =>
      encoding.toUpperCase() === 'B'
        ? Buffer.from(text, 'base64').toString('utf8')
        : decodeQuoted(text.replaceAll('_', ' ')),
    )
}
