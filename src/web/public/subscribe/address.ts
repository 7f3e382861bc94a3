/** RFC 5321, section 4.5.3.1. */
const [maxLength, maxLocal] = [254, 64]

const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'

/**
 * What HTML calls a valid e-mail address, with a dot in its domain: one address without a name, a comment or a line break, so
 * that it is one recipient in whatever reads it.
 *
 * Source: https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address
 */
const pattern = new RegExp(String.raw`^([A-Za-z0-9.!#$%&'*+/=?^_\`{|}~-]+)@(${label}(?:\.${label})+)$`)

/** Reads an address that somebody has entered; undefined where it is not valid. Letters of its domain become small. */
export function readAddress(text: string): string | undefined {
  const trimmed = text.replace(/^[ \t]+|[ \t]+$/g, '')
  if (trimmed.length > maxLength) return undefined
  const [, local = '', domain = ''] = pattern.exec(trimmed) ?? []
  if (local === '' || local.length > maxLocal) return undefined
  return `${local}@${domain.toLowerCase()}`
}
