import { setImmediate as turn } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import { codeOf, messageOf } from '../../lib/errors.ts'
import { ProbeFailure } from '../../net/failure.ts'

/** Bytes of one message, and of all of them. */
export const maxBytes = 1024 * 1024

/** Messages that are taken in: each of them costs the search for a regex. */
const maxMessages = 10_000

/** Pings that are answered. An answer waits in memory where the peer does not read. */
const maxPings = 100

/** What arrives over an open WebSocket, until it is asked for. */
export class Messages {
  readonly #socket: WebSocket
  readonly #waiting: string[] = []
  #bytes = 0
  #count = 0
  #taken = 0
  #pings = 0
  #failure: ProbeFailure | undefined
  #closed: number | undefined
  #wake: () => void = () => undefined

  constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data) => {
      this.#take(data as Buffer)
    })
    socket.on('ping', (data) => {
      if (this.#failure) return
      if (++this.#pings > maxPings)
        this.#fail(new ProbeFailure('size', `the server sent more than ${maxPings} pings`))
      else socket.pong(data)
    })
    socket.on('error', (error) => {
      this.#fail(broken(error))
    })
    socket.once('close', (code) => {
      this.#closed = code
      this.#wake()
    })
  }

  /** Messages that have arrived until now. */
  get count(): number {
    return this.#count
  }

  /** The code with which the peer has closed (RFC 6455, section 7.4); 1006 where it gave none. Nothing while it is open. */
  get closed(): number | undefined {
    return this.#closed
  }

  /**
   * The next message; bytes that are not UTF-8 become U+FFFD.
   *
   * @returns Nothing when the peer has closed.
   * @throws ProbeFailure `size` when there is too much, `protocol` when the connection breaks.
   */
  async next(): Promise<string | undefined> {
    for (;;) {
      const message = this.#waiting.shift()
      if (message !== undefined) {
        // Thousands may arrive at once: the deadline and other probes have to get their turn.
        if (++this.#taken % 100 === 0) await turn()
        return message
      }
      if (this.#failure) throw this.#failure
      if (this.#closed !== undefined) return undefined
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** @throws ProbeFailure `protocol` when the peer has gone. */
  async send(text: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#socket.send(text, { binary: false }, (error) => {
        if (error) reject(this.#failure ?? broken(error))
        else resolve()
      })
    })
  }

  #take(data: Buffer): void {
    // What has arrived together with the fault is still taken apart.
    if (this.#failure) return
    this.#bytes += data.length
    this.#count++
    if (this.#bytes > maxBytes) {
      this.#fail(new ProbeFailure('size', `the server sent more than ${maxBytes / 1024} KiB`))
    } else if (this.#count > maxMessages) {
      this.#fail(new ProbeFailure('size', `the server sent more than ${maxMessages} messages`))
    } else {
      this.#waiting.push(data.toString('utf8'))
      this.#wake()
    }
  }

  #fail(failure: ProbeFailure): void {
    this.#failure ??= failure
    this.#waiting.length = 0
    this.#socket.terminate()
    this.#wake()
  }
}

function broken(error: Error): ProbeFailure {
  if (codeOf(error) === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
    return new ProbeFailure('size', `the server sent a message of more than ${maxBytes / 1024} KiB`, {
      cause: error,
    })
  }
  return new ProbeFailure('protocol', `the connection broke: ${messageOf(error)}`, { cause: error })
}
