import { isBinary } from './bytes.ts'
import type { Template } from './schema.ts'

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
