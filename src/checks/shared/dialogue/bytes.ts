import { asText, seen, value, ValueError } from '../../../settings/values/value.ts'
import type { Template } from './schema.ts'

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

/** What is sent for a text: a line, or the bytes that it stands for. */
export function encoded(template: Template, groups: readonly string[]): Uint8Array {
  const written = template.filter((part) => typeof part === 'string').join('')
  const binary = isBinary(written)
  const parts = template.map((part) =>
    typeof part === 'string'
      ? Buffer.from(part, binary ? 'latin1' : 'utf8')
      : Buffer.from(groups[part] ?? ''),
  )
  return Buffer.concat(binary ? parts : [...parts, Buffer.from('\n')])
}
