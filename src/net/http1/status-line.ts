import { noteControlCharacters } from './headers.ts'
import type { NoteOddity } from './oddity.ts'

/** How an answer begins. */
export interface StatusLine {
  /** Of HTTP, such as `1.1`. */
  readonly version: string
  /** Three digits, from 100 on. */
  readonly status: number
  /** One character a byte; empty where there is none. */
  readonly reason: string
}

const lenient = /^HTTP\/(\d+(?:\.\d+)?)[\t ]+([1-9]\d{2})(?!\d)(.*)$/is
/** RFC 9112, section 4. Many servers leave out the blank where they have no reason. */
const strict = /^HTTP\/\d\.\d \d{3}(?: .*)?$/s

/**
 * Reads the first line of an answer, or the beginning of it: the status counts although the reason breaks off.
 *
 * @returns Nothing where it is not HTTP.
 */
export function parseStatusLine(line: string, note: NoteOddity): StatusLine | undefined {
  const [, version, status, reason] = lenient.exec(line) ?? []
  if (version === undefined || status === undefined || reason === undefined) return undefined
  if (!strict.test(line)) note('status-line')
  if (!/^1\.[01]$/.test(version)) note('version')
  noteControlCharacters(reason, note)
  return { version, status: Number(status), reason: reason.trim() }
}

/** How many bytes show whether it may become a status line. */
export const telltaleBytes = 'HTTP/'.length

/** @param beginning At least {@link telltaleBytes} of a first line. */
export function mayBeStatusLine(beginning: string): boolean {
  return /^HTTP\//i.test(beginning)
}
