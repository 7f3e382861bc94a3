import type { NoteOddity } from './oddity.ts'

/** A header: its name in lower case, its value without blanks around it; one character a byte. */
export type Header = readonly [name: string, value: string]

/** RFC 9110, section 5.6.2. */
const token = /^[!#$%&'*+.^_`|~0-9a-z-]+$/

/** Adds what a line of the head says to the headers before it. */
export function addHeaderLine(headers: Header[], line: string, note: NoteOddity): void {
  noteControlCharacters(line, note)
  const last = headers.at(-1)
  const isFolded = isBlank(line.charCodeAt(0))
  if (isFolded) note('folded-header')
  if (isFolded && last !== undefined) {
    headers[headers.length - 1] = [last[0], joined(last[1], trim(line))]
    return
  }
  const colon = line.indexOf(':')
  const name = trim(line.slice(0, Math.max(0, colon))).toLowerCase()
  if (name === '') {
    note('not-a-header')
    return
  }
  if (isBlank(line.charCodeAt(colon - 1))) note('blank-before-colon')
  if (!token.test(name)) note('header-name')
  headers.push([name, trim(line.slice(colon + 1))])
}

/** Of the control characters, clients refuse NUL alone. */
export function noteControlCharacters(text: string, note: NoteOddity): void {
  if (/[\x01-\x08\x0a-\x1f\x7f]/.test(text)) note('control-character')
  if (text.includes('\0')) note('nul')
}

/** Every value of a header, in their order. */
export function valuesOf(headers: readonly Header[], name: string): string[] {
  const values: string[] = []
  for (const [given, value] of headers) if (given === name) values.push(value)
  return values
}

function joined(before: string, after: string): string {
  return before === '' || after === '' ? before + after : `${before} ${after}`
}

/** Not by a regex: one would look at a long run of blanks once for each of them. */
function trim(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}
