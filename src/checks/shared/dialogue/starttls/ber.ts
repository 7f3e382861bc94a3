/** An element of BER (X.690), the encoding of LDAP. */
export interface Element {
  readonly tag: number
  readonly content: Buffer
}

/** How many bytes an element has before its content, and how many of that. */
interface Header {
  readonly tag: number
  readonly headerLength: number
  readonly contentLength: number
}

/** The bytes of the longest header that is read: a tag of one byte, and a length of four. */
export const maxHeaderBytes = 6

/**
 * Reads the header of an element.
 *
 * @returns `more`: it has more bytes than these. Nothing: it is not one, or longer than LDAP has them.
 */
export function readHeader(bytes: Buffer): Header | 'more' | undefined {
  const [tag, first] = bytes
  if (tag === undefined || first === undefined) return 'more'
  if (first < 0x80) return { tag, headerLength: 2, contentLength: first }
  const lengthBytes = first & 0x7f
  if (lengthBytes < 1 || lengthBytes > 4) return undefined
  if (bytes.length < 2 + lengthBytes) return 'more'
  return { tag, headerLength: 2 + lengthBytes, contentLength: bytes.readUIntBE(2, lengthBytes) }
}

/**
 * Reads elements that follow each other.
 *
 * @returns Nothing where the bytes are something else.
 */
export function readElements(bytes: Buffer): Element[] | undefined {
  const elements: Element[] = []
  for (let at = 0; at < bytes.length;) {
    const header = readHeader(bytes.subarray(at))
    if (header === undefined || header === 'more') return undefined
    const { tag, headerLength, contentLength } = header
    const begin = at + headerLength
    at = begin + contentLength
    if (at > bytes.length) return undefined
    elements.push({ tag, content: bytes.subarray(begin, at) })
  }
  return elements
}
