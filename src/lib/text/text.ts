/** Escape sequences of terminals, such as colours: ECMA-48, control sequences. */
const escapeSequence = /\u001b\[[0-?]*[ -/]*[@-~]/g

const lineEnd = /\r\n?|[\u0085\u2028\u2029]/g

/** Control characters but tab and line feed, and those that make text read in another order than it is. */
const harmful = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

/**
 * Text of unknown origin as it may be shown to a person: well-formed Unicode, lines that end in a line feed, no control
 * characters, no terminal colours, nothing that reverses its direction.
 */
export function plainText(text: string): string {
  return text.toWellFormed().replace(escapeSequence, '').replace(lineEnd, '\n').replace(harmful, '')
}

/** The same characters, for a person who has to see that they are there: `\u202e`. */
export function visible(text: string): string {
  return text.replace(harmful, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** `1 target`, `2 targets`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** The same on one line, without blanks around it: what a subject or a header may hold. */
export function oneLine(text: string): string {
  return plainText(text).replace(/\s+/g, ' ').trim()
}

/** The beginning of a text; where something is missing it ends in `…`, which counts. Never half a character. */
export function cut(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1).replace(halfAtEnd, '')}…`
}

/**
 * The beginning and the end of a text, with a line between them that says how much is missing: an error message stands at
 * the end as often as at the beginning.
 *
 * @param maxLength At least 40.
 */
export function excerpt(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  const kept = Math.max(0, maxLength - noticeRoom)
  const head = text.slice(0, Math.ceil(kept / 2)).replace(halfAtEnd, '')
  const tail = text.slice(text.length - Math.floor(kept / 2)).replace(halfAtStart, '')
  return `${head}\n[… ${text.length - kept} characters left out …]\n${tail}`
}

const noticeRoom = 40
const halfAtEnd = /[\ud800-\udbff]$/
const halfAtStart = /^[\udc00-\udfff]/
