import { addHeaderLine, type Header } from './headers.ts'
import { chomp, lineReader } from './line.ts'
import type { NoteOddity } from './oddity.ts'
import { mayBeStatusLine, parseStatusLine, telltaleBytes, type StatusLine } from './status-line.ts'

/** The head of an answer. */
export interface AnswerHead extends StatusLine {
  /** In the order in which they came. */
  readonly headers: readonly Header[]
}

/** Answers in advance of the answer (1xx) that are accepted. */
export const maxInformational = 20

/** The state of a head: `rest` is what follows it. */
export type HeadState =
  | 'unfinished'
  | 'too large'
  | 'not HTTP'
  | 'too many in advance'
  | { readonly head: AnswerHead; readonly rest: Buffer }

/** Reads the head of an answer. */
export interface HeadReader {
  /** Whether there is something of it; what came in advance of it (1xx) does not count. */
  readonly begun: boolean
  readonly push: (bytes: Buffer) => HeadState
  /** What is known when no more of it comes. A header that breaks off is left out. Nothing before the status. */
  readonly soFar: () => AnswerHead | undefined
}

export interface HeadOptions {
  /** Bytes of the head, and of the answers in advance (1xx) that are read over, together. */
  readonly maxBytes: number
  readonly note: NoteOddity
  /** Called at the end of every answer in advance. */
  readonly onInformational?: () => void
}

export function headReader({ maxBytes, note, onInformational }: HeadOptions): HeadReader {
  const reader = lineReader()
  let taken = 0
  let isPromising = false
  let statusLine: StatusLine | undefined
  let headers: Header[] = []
  let informational = 0

  function takeLine(given: string): 'more' | 'not HTTP' | 'too many in advance' | AnswerHead {
    if (isHopeless(given.length, () => given)) return 'not HTTP'
    const line = chomp(given, note)
    if (statusLine !== undefined && line !== '') addHeaderLine(headers, line, note)
    else if (statusLine !== undefined) return endHead(statusLine)
    else if (line === '') note('empty-lines-before')
    else {
      statusLine = parseStatusLine(line, note)
      if (statusLine === undefined) return 'not HTTP'
    }
    return 'more'
  }

  function endHead(line: StatusLine): 'more' | 'too many in advance' | AnswerHead {
    if (isFinal(line)) return { ...line, headers }
    if (++informational > maxInformational) return 'too many in advance'
    statusLine = undefined
    isPromising = false
    headers = []
    onInformational?.()
    return 'more'
  }

  /** Binary data has no lines; nobody should have to wait for the end of one. */
  function isHopeless(length: number, firstLine: () => string): boolean {
    if (statusLine !== undefined || isPromising || length < telltaleBytes) return false
    isPromising = mayBeStatusLine(firstLine())
    return !isPromising
  }

  return {
    get begun() {
      return statusLine !== undefined || reader.length > 0
    },
    push(bytes) {
      let from = 0
      for (;;) {
        const to = Math.min(bytes.length, from + maxBytes - taken - reader.length)
        const next = reader.take(bytes, from, to)
        if (next < 0) {
          if (isHopeless(reader.length, reader.soFar)) return 'not HTTP'
          return to < bytes.length ? 'too large' : 'unfinished'
        }
        from = next
        taken += reader.line.length + 1
        const state = takeLine(reader.line)
        if (state === 'more') continue
        return typeof state === 'string' ? state : { head: state, rest: bytes.subarray(from) }
      }
    },
    soFar() {
      const line = statusLine ?? parseStatusLine(reader.soFar().replace(/\r$/, ''), note)
      return line && isFinal(line) ? { ...line, headers } : undefined
    },
  }
}

/** 101 is the last answer of this protocol. */
function isFinal({ status }: StatusLine): boolean {
  return status >= 200 || status === 101
}
