import type { Socket } from 'node:net'
import { systemClock, type Clock } from '../lib/time/clock.ts'

/** Milliseconds that the work on what arrives may take within one turn of the event loop. */
const turnMs = 10

/** Milliseconds of such work that a connection may cause before it counts as a heavy one: what honest servers send takes less. */
const lightMs = 5

type Push = Socket['push']

interface Reading {
  readonly socket: Socket
  readonly push: Push
  /** What has arrived and was not passed on yet; null for the end. */
  readonly waiting: unknown[]
  /** Milliseconds of work that it has caused. */
  spentMs: number
}

/**
 * Lets no connection take the event loop for itself. Node.js reads from one that has always more to say up to 32 times in a row, and
 * what takes its bytes apart may need milliseconds for each of these times; a few such connections at once would make all others
 * slow. Here those that have caused much work wait, once a turn has had enough of it, and those that have caused least come first.
 */
export class FairReads {
  readonly #monotonic: Clock['monotonic']
  readonly #waiting = new Set<Reading>()
  #spentMs = 0
  #isTurnDue = false

  constructor({ monotonic }: Pick<Clock, 'monotonic'> = systemClock) {
    this.#monotonic = monotonic
  }

  /** Takes care of what a socket is going to read. */
  watch(socket: Socket): void {
    const reading: Reading = { socket, push: socket.push.bind(socket), waiting: [], spentMs: 0 }
    socket.push = (chunk: unknown) => {
      if (reading.waiting.length === 0 && this.#mayGoOn(reading)) return this.#pass(reading, chunk)
      reading.waiting.push(chunk)
      this.#waiting.add(reading)
      // Nothing more is read, until this is passed on.
      return false
    }
  }

  #mayGoOn({ spentMs }: Reading): boolean {
    return spentMs < lightMs || this.#spentMs < turnMs
  }

  #pass(reading: Reading, chunk: unknown): boolean {
    const began = this.#monotonic()
    const wantsMore = reading.push(chunk)
    const spentMs = this.#monotonic() - began
    reading.spentMs += spentMs
    this.#spentMs += spentMs
    this.#askForTurn()
    return wantsMore
  }

  #askForTurn(): void {
    if (!this.#isTurnDue) setImmediate(this.#nextTurn)
    this.#isTurnDue = true
  }

  readonly #nextTurn = (): void => {
    this.#isTurnDue = false
    this.#spentMs = 0
    for (const reading of [...this.#waiting].sort((a, b) => a.spentMs - b.spentMs)) {
      while (reading.waiting.length > 0 && this.#spentMs < turnMs && !reading.socket.destroyed)
        this.#pass(reading, reading.waiting.shift())
      if (reading.waiting.length === 0 || reading.socket.destroyed) this.#waiting.delete(reading)
    }
    if (this.#waiting.size > 0) this.#askForTurn()
  }
}
