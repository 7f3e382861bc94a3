import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { ProbeFailure } from './failure.ts'
import { FairReads } from './fair-reads.ts'
import { Guard } from './guard.ts'
import { tlsEnd } from './tls/problem.ts'

/** Of all probes of this thread. */
const fairReads = new FairReads()

/** Every socket of one probe: whatever happened, none of them outlives it, and none of their late errors goes astray. */
export class Sockets {
  /** Of everything that happens on them, and of all other callbacks of the probe. */
  readonly guard = new Guard()
  readonly #open = new Set<Socket>()
  /** Those on which the handshake of TLS is over. */
  readonly #secured = new WeakSet<Socket>()
  #ended = false
  #tlsEnd: ProbeFailure | undefined

  get ended(): boolean {
    return this.#ended
  }

  /** Takes over a socket, to be called as soon as it exists. */
  track(socket: Socket): void {
    this.#open.add(this.guard.emitter(socket))
    fairReads.watch(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => this.#open.delete(socket))
    if (this.#ended) socket.destroy()
  }

  /**
   * Takes over a TLS socket that speaks through another one, and destroys that with it. To destroy both ends the process in
   * Node.js 20, when it happens right after the handshake.
   */
  trackTls(secured: TLSSocket, carrier: Socket): void {
    this.#open.delete(carrier)
    this.track(secured)
    this.watchTls(secured)
  }

  /** Sees how TLS begins and ends on a socket that is tracked. */
  watchTls(secured: TLSSocket): void {
    secured.once('secureConnect', () => this.#secured.add(secured))
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

  /** Hangs up those that there are. */
  close(): void {
    for (const socket of this.#open) {
      if (this.#secured.has(socket)) sayGoodbye(socket)
      else socket.destroy()
      this.#open.delete(socket)
    }
  }

  /** Hangs them all up, and those that come later. */
  end(): void {
    this.#ended = true
    this.close()
  }
}

/** How long a socket may take to say its last words: a peer that does not read would hold them back forever. */
const goodbyeMs = 1000

/**
 * Ends TLS as it should end (RFC 8446, section 6.1), with close_notify: servers log other ends as errors. Nobody waits for it, and the
 * answer of the peer is not waited for.
 */
function sayGoodbye(socket: Socket): void {
  // Not at once: Node.js loses it when TLS is still writing, as HTTP/2 does when it confirms the settings of its peer.
  setImmediate(() => {
    // Most peers have ended the connection themselves by now, and Node.js has answered them.
    if (socket.destroyed || socket.writableFinished) {
      socket.destroy()
      return
    }
    const timer = setTimeout(() => socket.destroy(), goodbyeMs)
    timer.unref()
    socket.once('close', () => {
      clearTimeout(timer)
    })
    socket.end(() => socket.destroy())
  })
}
