import type { Socket } from 'node:net'
import type { ProbeFailure } from './failure.ts'
import { Guard } from './guard.ts'
import { tlsEnd } from './tls/problem.ts'

/** Every socket of one probe: whatever happened, none of them outlives it, and none of their late errors goes astray. */
export class Sockets {
  /** Of everything that happens on them, and of all other callbacks of the probe. */
  readonly guard = new Guard()
  readonly #open = new Set<Socket>()
  #ended = false
  #tlsEnd: ProbeFailure | undefined

  get ended(): boolean {
    return this.#ended
  }

  /** Takes over a socket, to be called as soon as it exists. */
  track(socket: Socket): void {
    this.#open.add(this.guard.emitter(socket))
    socket.on('error', () => undefined)
    socket.once('close', () => this.#open.delete(socket))
    if (this.#ended) socket.destroy()
  }

  /**
   * Takes over a TLS socket that speaks through another one, and destroys that with it. To destroy both ends the process in
   * Node.js 20, when it happens right after the handshake.
   */
  trackTls(secured: Socket, carrier: Socket): void {
    this.#open.delete(carrier)
    this.track(secured)
    secured.on('error', (error: Error) => {
      this.#tlsEnd ??= tlsEnd(error)
    })
  }

  /**
   * The failure of a probe, in view of what its sockets have seen. An alert of TLS may come after the handshake, where those
   * who read see only that the connection ends.
   */
  explain(failure: ProbeFailure): ProbeFailure {
    const isEnd = failure.reason === 'connect' || failure.reason === 'protocol'
    return isEnd && this.#tlsEnd ? this.#tlsEnd : failure
  }

  /** Destroys those that there are. */
  close(): void {
    for (const socket of this.#open) socket.destroy()
  }

  /** Destroys them all, and those that come later. */
  end(): void {
    this.#ended = true
    this.close()
  }
}
