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
  const codings = valuesOf(headers, 'transfer-encoding').flatMap(elements)
  const lengths = valuesOf(headers, 'content-length').flatMap(elements)
  if (status === 204 || status === 304) {
    if (codings.length > 0 || (status === 204 && lengths.some((length) => length !== '0')))
      note('body-not-allowed')
    return 0
  }
  if (codings.length > 0) {
    const isPlain = codings.length === 1 && codings[0]?.toLowerCase() === 'chunked'
    if (!isPlain || version === '1.0') note('transfer-coding')
    if (lengths.length > 0) note('length-and-chunked')
    if (bodiless) return 0
    return codings.at(-1)?.toLowerCase() === 'chunked' ? 'chunked' : 'connection'
  }
  const length = lengthOf(lengths, note)
  return bodiless ? 0 : length
}

function lengthOf(lengths: readonly string[], note: NoteOddity): Framing {
  const [first] = lengths
  if (first === undefined) return 'connection'
  if (lengths.length > 1)
    note(lengths.every((length) => length === first) ? 'repeated-length' : 'different-lengths')
  const length = /^\d+$/.test(first) ? Number(first) : NaN
  if (Number.isSafeInteger(length)) return length
  note('invalid-length')
  return 'connection'
}

function elements(value: string): string[] {
  return value.includes(',') ? value.split(',').map((element) => element.trim()) : [value]
}
