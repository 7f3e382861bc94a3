import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { headReader, type AnswerHead } from '../../net/http1/head.ts'
import type { NoteOddity } from '../../net/http1/oddity.ts'
import { tooManyInformational } from '../http/exchange/end.ts'
import { maxHeadBytes, refusals } from '../http/exchange/invalid.ts'

/** What ws looks at. The rest of a head may be larger than what Node.js reads. */
const wanted = new Set([
  'upgrade',
  'connection',
  'sec-websocket-accept',
  'sec-websocket-protocol',
  'sec-websocket-extensions',
])

/**
 * Bytes that ws gets at once, and milliseconds after which it gets more only in the next turn of the event loop: ws takes
 * everything apart that it gets, and what arrives at once may be tens of thousands of messages.
 */
const pieceBytes = 1024
const turnMs = 5

/**
 * A connection on which ws, which reads strictly, finds the head of the answer as it should be: it is read here, as every other
 * answer is. What follows it is passed on as it is.
 */
export class AnsweredSocket extends Duplex {
  readonly #socket: Socket
  /** What has arrived and waits; meanwhile the connection is paused. */
  #waiting: Buffer = Buffer.alloc(0)
  #isFull = false

  constructor(socket: Socket, note: NoteOddity) {
    super({ allowHalfOpen: false, readableHighWaterMark: 4 * pieceBytes })
    this.#socket = socket
    const reader = headReader({
      maxBytes: maxHeadBytes,
      note: (oddity) => {
        const refusal = refusals[oddity]
        if (refusal === undefined) note(oddity)
        else this.destroy(new Error(refusal))
      },
    })
    let isOpen = false
    socket.on('data', (chunk: Buffer) => {
      if (isOpen) {
        this.#pass(chunk)
        return
      }
      const state = reader.push(chunk)
      if (state === 'unfinished' || this.destroyed) return
      if (state === 'too large') this.destroy(new Error(refusals['head-too-large']))
      else if (state === 'too many in advance') this.destroy(tooManyInformational())
      else if (state === 'not HTTP') this.destroy(new Error('its answer does not begin with a status line'))
      else {
        isOpen = true
        this.#pass(Buffer.concat([canonical(state.head), state.rest]))
      }
    })
    socket.once('end', () => this.push(null))
    socket.once('error', (error) => this.destroy(error))
    socket.once('close', () => this.destroy())
  }

  override _read(): void {
    if (this.#waiting.length === 0) this.#socket.resume()
    else if (this.#isFull) setImmediate(this.#passOn)
    this.#isFull = false
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done)
  }

  override _final(done: () => void): void {
    this.#socket.end(done)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy()
    done(error)
  }

  #pass(bytes: Buffer): void {
    this.#waiting = bytes
    this.#socket.pause()
    this.#passOn()
  }

  readonly #passOn = (): void => {
    const began = performance.now()
    while (this.#waiting.length > 0 && !this.destroyed) {
      const piece = this.#waiting.subarray(0, pieceBytes)
      this.#waiting = this.#waiting.subarray(pieceBytes)
      this.#isFull = !this.push(piece)
      if (this.#isFull) return
      if (performance.now() - began > turnMs) {
        setImmediate(this.#passOn)
        return
      }
    }
    this.#socket.resume()
  }
}

/** A refusal ends with its head: nobody reads more of it. */
function canonical({ status, reason, headers }: AnswerHead): Buffer {
  const lines = headers.flatMap(([name, value]) => (wanted.has(name) ? [`${name}: ${plain(value)}\r\n`] : []))
  const end = status === 101 ? '' : 'content-length: 0\r\n'
  return Buffer.from(`HTTP/1.1 ${status} ${plain(reason)}\r\n${lines.join('')}${end}\r\n`, 'latin1')
}

function plain(text: string): string {
  return text.replace(/[\0-\x1f\x7f]/g, ' ')
}
