import { BodyError, openBody, sizedBody, type BodyReader } from './body.ts'
import { chunkedBody } from './chunked.ts'
import { framingOf, type Framing } from './framing.ts'
import { headReader, type AnswerHead } from './head.ts'
import type { Oddity } from './oddity.ts'

/** How an answer ended. `broken`: something is missing, or cannot be read; without a head before it nothing is known. */
export type AnswerEnd = 'complete' | 'broken' | 'not HTTP'

export interface AnswerOptions {
  /** Bytes of the head, of the answers in advance before it, and of the lines between chunks. */
  readonly maxHeadBytes: number
  /** Called once, at the end of the head, or with what there is of it where it breaks off or is too large. */
  readonly onHead: (head: AnswerHead) => void
  /** Called with every piece of the body, freed of chunks. */
  readonly onData: (data: Buffer) => void
  /** Called once, the last of all. */
  readonly onEnd: (end: AnswerEnd) => void
}

/** Reads one answer, from the bytes of one connection. */
export interface AnswerReader {
  readonly push: (bytes: Buffer) => void
  /**
   * Nothing more will come. Safe to call after the end.
   *
   * @param orderly Whether the other side has closed the connection, rather than a fault or a lack of time.
   */
  readonly close: (orderly: boolean) => void
  readonly oddities: ReadonlySet<Oddity>
}

/**
 * Reads an answer of HTTP/1.x (RFC 9112) as browsers do: what is odd is noted, and is an obstacle only where nothing could
 * be understood. What follows the answer is left out. An answer whose end is doubtful must not share its connection with
 * another one.
 */
export function readAnswer({ maxHeadBytes, onHead, onData, onEnd }: AnswerOptions): AnswerReader {
  const oddities = new Set<Oddity>()
  const note = (oddity: Oddity): void => {
    oddities.add(oddity)
  }
  const head = headReader(maxHeadBytes, note)
  let framing: Framing | undefined
  let body: BodyReader | undefined
  let ended: AnswerEnd | undefined

  function end(how: AnswerEnd): void {
    ended = how
    onEnd(how)
  }

  function breakOff(): void {
    const known = body ? undefined : head.soFar()
    if (known) onHead(known)
    end('broken')
  }

  function takeBody(reader: BodyReader, bytes: Buffer): void {
    try {
      const rest = reader.push(bytes)
      if (rest === undefined) return
      if (rest.length > 0) note('bytes-after-end')
      end('complete')
    } catch (error) {
      if (!(error instanceof BodyError)) throw error
      end('broken')
    }
  }

  function bodyOf({ status, headers }: AnswerHead): BodyReader {
    framing = framingOf(status, headers, note)
    if (framing === 'chunked') return chunkedBody({ onData, note, maxLineBytes: maxHeadBytes })
    return framing === 'connection' ? openBody(onData) : sizedBody(framing, onData)
  }

  return {
    oddities,
    push(bytes) {
      if (ended === 'complete' && bytes.length > 0) note('bytes-after-end')
      if (ended) return
      if (body) {
        takeBody(body, bytes)
        return
      }
      const state = head.push(bytes)
      if (state === 'unfinished') return
      if (state === 'not HTTP') end(state)
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
      if (framing === 'connection' && orderly) end('complete')
      else breakOff()
    },
  }
}
