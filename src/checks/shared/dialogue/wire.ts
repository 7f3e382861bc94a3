import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { codeOf, messageOf } from '../../../lib/errors.ts'
import { ProbeFailure } from '../../../net/failure.ts'
import { tlsEnd } from '../../../net/tls/problem.ts'

/** Bytes of one line, its end included, that are taken in: as in blackbox_exporter. */
const maxLineBytes = 64 * 1024

/** Bytes that are taken in, all in all, where nothing else is said. */
const usualMaxBytes = 1024 * 1024

/** Lines that are taken in: each of them costs the search for a regex. */
const maxLines = 10_000

/** How long a line that has begun may pause before it counts as one without an end, such as a prompt. */
const pauseMs = 100

/** Arrivals in one line after which only a pause counts: each of them costs the search for a regex. */
const maxEarly = 20

const lineFeed = 0x0a
const carriageReturn = 0x0d

/** When a line that has no end yet will do. */
export interface Early {
  /** Asked with what has arrived of it. */
  readonly isEnough: (text: string) => boolean
  /** Whether it is asked as soon as something arrives. Otherwise only after a pause, because what follows may matter. */
  readonly atOnce: boolean
}

/**
 * One side of a conversation in lines: reads no more than it is asked for, so that a peer that never stops talking is held
 * back by TCP and costs no memory.
 */
export class Wire {
  readonly #socket: Socket
  readonly #maxBytes: number
  /** What has arrived and was not asked for yet. */
  #waiting: Buffer[] = []
  #waitingBytes = 0
  #bytes = 0
  #lines = 0
  #error: Error | undefined
  #ended = false
  #wake: () => void = () => undefined
  readonly #listeners: readonly (readonly [string, (error: Error) => void])[]

  /** @param options.maxBytes Bytes that are taken in, all in all. Default: 1 MiB. */
  constructor(socket: Socket, { maxBytes = usualMaxBytes }: { readonly maxBytes?: number } = {}) {
    this.#socket = socket
    this.#maxBytes = maxBytes
    const woken = (): void => {
      this.#wake()
    }
    const end = (): void => {
      this.#ended = true
      this.#wake()
    }
    const fail = (error: Error): void => {
      this.#error ??= error
      this.#wake()
    }
    this.#listeners = [
      ['readable', woken],
      ['end', end],
      ['close', end],
      ['error', fail],
    ]
    for (const [event, listener] of this.#listeners) socket.on(event, listener)
  }

  /** Bytes that have arrived until now. */
  get received(): number {
    return this.#bytes
  }

  get lines(): number {
    return this.#lines
  }

  /**
   * The next line, without its end; what follows the last line feed counts as one. Bytes that are not UTF-8 become U+FFFD.
   *
   * @param early When a line will do whose end has not arrived. Default: never.
   * @returns Nothing when the peer has ended the connection.
   * @throws ProbeFailure `size` when the line, or all of them together, are too long; `protocol` when the connection breaks.
   */
  async line(early?: Early): Promise<string | undefined> {
    // A thousand lines may arrive at once: the deadline and other probes have to get their turn.
    if (++this.#lines % 100 === 0) await turn()
    if (this.#lines > maxLines) throw new ProbeFailure('size', `the server sent more than ${maxLines} lines`)
    let searched = 0
    let arrivals = 0
    let paused = false
    for (;;) {
      for (; searched < this.#waiting.length; searched++) {
        const at = this.#waiting[searched]?.indexOf(lineFeed) ?? -1
        if (at !== -1) return this.#takeLine(searched, at)
      }
      if (this.#waitingBytes >= maxLineBytes) throw lineTooLong()
      const isDue = paused || (early?.atOnce === true && ++arrivals <= maxEarly)
      if (early && isDue && this.#waitingBytes > 0) {
        const begun = textOf(Buffer.concat(this.#waiting))
        if (early.isEnough(begun)) {
          this.#keep([])
          return begun
        }
      }
      const waits = early && !paused && this.#waitingBytes > 0
      const came = await this.#more(waits ? pauseMs : undefined)
      paused = came === 'nothing yet'
      if (came !== 'nothing') continue
      const rest = Buffer.concat(this.#waiting)
      this.#keep([])
      return rest.length === 0 ? undefined : textOf(rest)
    }
  }

  /**
   * The next bytes, as they are.
   *
   * @returns Fewer when the peer has ended the connection.
   * @throws ProbeFailure as `line` does.
   */
  async take(count: number): Promise<Buffer> {
    while (this.#waitingBytes < count && (await this.#more()) !== 'nothing');
    const [only, ...others] = this.#waiting
    // Many small pieces may be taken out of one arrival, which is not copied for each of them.
    const all = only && others.length === 0 ? only : Buffer.concat(this.#waiting)
    this.#keep([all.subarray(count)])
    return all.subarray(0, count)
  }

  /** @throws ProbeFailure `protocol` when the peer has gone. */
  async send(data: string | Uint8Array): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#socket.write(data, (error) => {
        if (error) reject(this.#broken(this.#error ?? error))
        else resolve()
      })
    })
  }

  /**
   * Leaves the socket to somebody else.
   *
   * @returns Whether the peer has sent more than was asked for.
   */
  release(): boolean {
    for (const [event, listener] of this.#listeners) this.#socket.off(event, listener)
    return this.#waitingBytes > 0 || this.#socket.readableLength > 0
  }

  #keep(rest: readonly Buffer[]): void {
    this.#waiting = rest.filter(({ length }) => length > 0)
    this.#waitingBytes = this.#waiting.reduce((sum, { length }) => sum + length, 0)
  }

  #takeLine(index: number, at: number): string {
    const last = this.#waiting[index] ?? Buffer.alloc(0)
    const line = Buffer.concat([...this.#waiting.slice(0, index), last.subarray(0, at)])
    if (line.length >= maxLineBytes) throw lineTooLong()
    this.#keep([last.subarray(at + 1), ...this.#waiting.slice(index + 1)])
    return textOf(line)
  }

  /**
   * @param withinMs How long it is waited for. Default: for as long as it takes.
   * @returns Whether more has arrived. `nothing`: there will be no more.
   */
  async #more(withinMs?: number): Promise<'more' | 'nothing yet' | 'nothing'> {
    for (;;) {
      const chunk = this.#socket.read() as Buffer | null
      if (chunk) {
        this.#bytes += chunk.length
        this.#waiting.push(chunk)
        this.#waitingBytes += chunk.length
        if (this.#bytes > this.#maxBytes) {
          throw new ProbeFailure('size', `the server sent more than ${this.#maxBytes / 1024} KiB`)
        }
        return 'more'
      }
      const error = this.#error ?? this.#socket.errored
      if (error) throw this.#broken(error)
      if (this.#ended || this.#socket.destroyed) return 'nothing'
      if (await this.#woken(withinMs)) continue
      return 'nothing yet'
    }
  }

  /** @returns Whether something has happened within this time. */
  async #woken(withinMs: number | undefined): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined
    try {
      return await new Promise<boolean>((resolve) => {
        this.#wake = () => {
          resolve(true)
        }
        if (withinMs !== undefined) timer = setTimeout(resolve, withinMs, false)
      })
    } finally {
      clearTimeout(timer)
    }
  }

  #broken(cause: Error): ProbeFailure {
    const end = tlsEnd(cause)
    if (end) return end
    const code = codeOf(cause) ?? ''
    const what = connectionEnds[code] ?? `the connection broke (${code === '' ? messageOf(cause) : code})`
    // As for HTTP: a connection that is reset before anything was said is as good as a refused one.
    return new ProbeFailure(this.#bytes === 0 ? 'connect' : 'protocol', what, { cause })
  }
}

const connectionEnds: Readonly<Record<string, string>> = {
  ECONNRESET: 'the server reset the connection',
  EPIPE: 'the server closed the connection',
  ERR_STREAM_WRITE_AFTER_END: 'the server closed the connection',
}

function lineTooLong(): ProbeFailure {
  return new ProbeFailure('size', `the server sent a line of more than ${maxLineBytes / 1024} KiB`)
}

function textOf(line: Buffer): string {
  return (line.at(-1) === carriageReturn ? line.subarray(0, -1) : line).toString('utf8')
}
