import { isUtf8 } from 'node:buffer'

/** Bytes in which a document says its own charset, as in browsers. */
const prescanned = 1024

/**
 * A body as text: its byte order mark decides, then `Content-Type`, then what an XML or HTML document says of itself. What
 * names no charset that is known is UTF-8 where it is valid, and otherwise windows-1252, of which ISO-8859-1 is a part.
 *
 * Source: https://encoding.spec.whatwg.org and https://html.spec.whatwg.org, section 13.2.3
 */
export function decodeText(bytes: Uint8Array, contentType: string): string {
  if (isJson(contentType)) return decodeJson(bytes, contentType)
  return decode(bytes, fromMark(bytes) ?? known(declared(contentType)) ?? fromDocument(bytes, contentType))
}

/**
 * JSON as text. It is UTF-8 (RFC 8259), and UTF-16 or UTF-32 with a byte order mark; what `Content-Type` says matters only
 * where the bytes are none of these.
 */
export function decodeJson(bytes: Uint8Array, contentType: string): string {
  if (startsWith(bytes, [0xff, 0xfe, 0, 0])) return decodeUtf32(bytes, true)
  if (startsWith(bytes, [0, 0, 0xfe, 0xff])) return decodeUtf32(bytes, false)
  return decode(bytes, fromMark(bytes) ?? (isUtf8(bytes) ? 'utf-8' : known(declared(contentType))))
}

/** @param charset Absent: nobody says. */
function decode(bytes: Uint8Array, charset = isUtf8(bytes) ? 'utf-8' : 'windows-1252'): string {
  const decoder = new TextDecoder(charset)
  // In one go, some versions of Node.js take windows-1252 for ISO-8859-1, which has no euro sign.
  return decoder.decode(bytes, { stream: true }) + decoder.decode()
}

function isJson(contentType: string): boolean {
  return /^\s*[^;]*[/+]json\s*(?:;|$)/i.test(contentType)
}

/** The charset that `Content-Type` names. */
function declared(contentType: string): string | undefined {
  return /;\s*charset\s*=\s*["']?([^\s;"']+)/i.exec(contentType)?.[1]
}

/** A charset by its name, unless it is not known. */
function known(label: string | undefined): string | undefined {
  try {
    return label === undefined ? undefined : new TextDecoder(label).encoding
  } catch {
    return undefined
  }
}

const marks: readonly (readonly [charset: string, bytes: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]

function fromMark(bytes: Uint8Array): string | undefined {
  return marks.find(([, mark]) => startsWith(bytes, mark))?.[0]
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte)
}

/** What a document says of itself, if it is of a kind that does. It can be read, so that it is not in UTF-16. */
function fromDocument(bytes: Uint8Array, contentType: string): string | undefined {
  if (!/^\s*(?:;|$)|html|xml/i.test(contentType)) return undefined
  const { buffer, byteOffset, length } = bytes
  const start = Buffer.from(buffer, byteOffset, Math.min(length, prescanned)).toString('latin1')
  const [, xml] = /^\s*<\?xml\s[^>]*?\sencoding\s*=\s*["']([^"'\s>]+)/i.exec(start) ?? []
  const charset = known(xml) ?? known(fromMeta(start.replaceAll(/<!--.*?(?:-->|$)/gs, '')))
  return charset?.startsWith('utf-16') === true ? 'utf-8' : charset
}

/** `<meta charset="...">`, or the same in `<meta http-equiv="Content-Type" content="...">`. */
function fromMeta(text: string): string | undefined {
  return /<meta(?=[\s/])[^>]*?[\s/;"']charset\s*=\s*["']?\s*([^\s"'/>;]+)/i.exec(text)?.[1]
}

/** No decoder of Node.js knows UTF-32. Anything that is not a character becomes U+FFFD. */
function decodeUtf32(bytes: Uint8Array, isLittleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const parts: string[] = []
  // The mark is not a part of the text.
  for (let at = 4; at + 4 <= bytes.byteLength; at += 4) {
    const code = view.getUint32(at, isLittleEndian)
    parts.push(code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? '\ufffd' : String.fromCodePoint(code))
  }
  return parts.join('')
}
