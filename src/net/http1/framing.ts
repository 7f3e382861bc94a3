import { valuesOf } from './headers.ts'
import type { AnswerHead } from './head.ts'
import type { NoteOddity } from './oddity.ts'

/** What says where a body ends: its length in bytes, chunks, or the end of the connection. */
export type Framing = number | 'chunked' | 'connection'

/**
 * Decides where the body of an answer ends, as RFC 9112 section 6.3 does.
 *
 * @param bodiless Whether the request was one whose answers have no body (HEAD).
 */
export function framingOf(
  { status, version, headers }: AnswerHead,
  bodiless: boolean,
  note: NoteOddity,
): Framing {
  const codings = valuesOf(headers, 'transfer-encoding').flatMap(elements).map(lowerCase)
  const lengths = valuesOf(headers, 'content-length').flatMap(elements)
  if (status === 204 || status === 304) {
    if (codings.length > 0 || (status === 204 && lengths.some((length) => length !== '0')))
      note('body-not-allowed')
    return 0
  }
  noteCodings(codings, version, note)
  // HTTP/1.0 has no transfer codings: browsers and Go read such a body as it is.
  if (version !== '1.0' && codings.some((coding) => coding !== 'identity')) {
    if (lengths.length > 0) note('length-and-chunked')
    if (bodiless) return 0
    return codings.at(-1) === 'chunked' ? 'chunked' : 'connection'
  }
  const length = lengthOf(lengths, note)
  return bodiless ? 0 : length
}

function noteCodings(codings: readonly string[], version: string, note: NoteOddity): void {
  const isPlain = codings.length === 1 && codings[0] === 'chunked' && version !== '1.0'
  if (codings.length === 0 || isPlain) return
  const isKnown = codings.every((coding) => coding === 'chunked' || coding === 'identity')
  note(isKnown || version === '1.0' ? 'transfer-coding' : 'unknown-coding')
}

function lengthOf(lengths: readonly string[], note: NoteOddity): Framing {
  const [first] = lengths
  if (first === undefined) return 'connection'
  if (lengths.length > 1)
    note(lengths.every((length) => length === first) ? 'repeated-length' : 'different-lengths')
  if (first === '') {
    note('empty-length')
    return 'connection'
  }
  const length = /^\d+$/.test(first) ? Number(first) : NaN
  if (Number.isSafeInteger(length)) return length
  note('invalid-length')
  return 'connection'
}

function lowerCase(text: string): string {
  return text.toLowerCase()
}

function elements(value: string): string[] {
  return value.includes(',') ? value.split(',').map((element) => element.trim()) : [value]
}
