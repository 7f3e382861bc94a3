import { BodyError, openBody, sizedBody, type BodyReader } from './body.ts'
import { chunkedBody } from './chunked.ts'
import { framingOf, type Framing } from './framing.ts'
import { headReader, type AnswerHead, type HeadOptions } from './head.ts'
import type { NoteOddity } from './oddity.ts'

/**
 * How an answer ended. `cut`: it breaks off, and with `head` even that does, of which this is known. `invalid`: its body cannot
 * be taken apart. `too many in advance`: only answers with 1xx come.
 */
export type AnswerEnd =
  | { readonly how: 'complete' | 'not HTTP' | 'too many in advance' }
  | { readonly how: 'cut'; readonly head?: AnswerHead }
  | { readonly how: 'invalid'; readonly why: string }

export interface AnswerOptions extends Pick<HeadOptions, 'onInformational'> {
  /** Bytes of the head, of the answers in advance before it, and of the lines between chunks. */
  readonly maxHeadBytes: number
  /** Whether the request was one whose answers have no body (HEAD). Default: no. */
  readonly bodiless?: boolean
  /** Called with everything that is odd, as often as it is seen. */
  readonly note: NoteOddity
  /** Called at the end of the head. */
  readonly onHead: (head: AnswerHead) => void
  /** Called with every piece of the body, freed of chunks. */
  readonly onData: (data: Buffer) => void
  /** Called once, the last of all. */
  readonly onEnd: (end: AnswerEnd) => void
}

/** Reads one answer, from the bytes of one connection. */
export interface AnswerReader {
  /** Whether there is something of the answer; what came in advance of it (1xx) does not count. */
  readonly begun: boolean
  readonly push: (bytes: Buffer) => void
  /**
   * Nothing more will come. Safe to call after the end.
   *
   * @param orderly Whether the other side has closed the connection, rather than a fault or a lack of time.
   */
  readonly close: (orderly: boolean) => void
}

/**
 * Reads an answer of HTTP/1.x (RFC 9112) as browsers do: what is odd is noted, and is an obstacle only where nothing could
 * be understood. What follows the answer is left out. An answer whose end is doubtful must not share its connection with
 * another one.
 */
export function readAnswer(options: AnswerOptions): AnswerReader {
  const { maxHeadBytes, bodiless = false, note, onHead, onData, onEnd } = options
  const head = headReader({ ...options, maxBytes: maxHeadBytes })
  let framing: Framing | undefined
  let body: BodyReader | undefined
  let ended: AnswerEnd | undefined

  function end(how: AnswerEnd): void {
    ended = how
    onEnd(how)
  }

  function breakOff(): void {
    const known = body ? undefined : head.soFar()
    end({ how: 'cut', ...(known && { head: known }) })
  }

  function takeBody(reader: BodyReader, bytes: Buffer): void {
    try {
      const rest = reader.push(bytes)
      if (rest === undefined) return
      if (rest.length > 0) note('bytes-after-end')
      end({ how: 'complete' })
    } catch (error) {
      if (!(error instanceof BodyError)) throw error
      end({ how: 'invalid', why: error.message })
    }
  }

  function bodyOf(of: AnswerHead): BodyReader {
    framing = framingOf(of, bodiless, note)
    if (framing === 'chunked') return chunkedBody({ onData, note, maxLineBytes: maxHeadBytes })
    return framing === 'connection' ? openBody(onData) : sizedBody(framing, onData)
  }

  return {
    get begun() {
      return body !== undefined || head.begun
    },
    push(bytes) {
      if (ended?.how === 'complete' && bytes.length > 0) note('bytes-after-end')
      if (ended) return
      if (body) {
        takeBody(body, bytes)
        return
      }
      const state = head.push(bytes)
      if (state === 'unfinished') return
      if (state === 'not HTTP' || state === 'too many in advance') end({ how: state })
      else if (state === 'too large') {
        note('head-too-large')
        breakOff()
      } else {
        body = bodyOf(state.head)
        onHead(state.head)
        takeBody(body, state.rest)
      }
    },
    close(orderly) {
      if (ended) return
      if (framing === 'connection' && orderly) end({ how: 'complete' })
      else breakOff()
    },
  }
}
