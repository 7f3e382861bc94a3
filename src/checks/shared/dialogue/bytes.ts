import { asText, seen, value, ValueError } from '../../../settings/values/value.ts'

const maxBytes = 4096

const hex = /^(?:[0-9a-f]{2}\s*)+$/i

function readBytes(input: unknown): Uint8Array {
  const text = asText(input)
  if (!hex.test(text)) throw new ValueError(`${seen} is not bytes: expected hex digits such as "00 ff"`)
  const bytes = Buffer.from(text.replace(/\s+/g, ''), 'hex')
  if (bytes.length > maxBytes) throw new ValueError(`has more than ${maxBytes} bytes`)
  return bytes
}

/** Bytes, as hex digits. */
export const bytesOf = (description: string) =>
  value(readBytes, { type: 'string', pattern: '^([0-9A-Fa-f]{2}\\s*)+$', description })

/** Control characters that no text has; a tab, ends of lines and escapes may be in one. */
const control = /[\0-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f]/

/** Whether a text is really bytes, each written as a character, such as `"\x00\xff"`. */
export function isBinary(text: string): boolean {
  return control.test(text) && /^[\0-\xff]*$/.test(text)
}
