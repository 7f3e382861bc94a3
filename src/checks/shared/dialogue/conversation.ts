import type { Attempt } from '../../../net/attempt.ts'
import type { Socket } from 'node:net'
import type { StartTls } from './starttls/schema.ts'
import { ProbeFailure } from '../../../net/failure.ts'
import { secure, type SecureOptions } from '../../../net/tls/secure.ts'
import { negotiateTls } from './starttls/negotiate.ts'
import { Wire } from './wire.ts'

/** A connection that is talked over, and that may become one of TLS on the way. */
export class Conversation {
  readonly #attempt: Attempt
  readonly #tls: SecureOptions
  #socket: Socket
  #wire: Wire

  constructor(socket: Socket, tls: SecureOptions, attempt: Attempt) {
    this.#socket = socket
    this.#wire = new Wire(socket)
    this.#tls = tls
    this.#attempt = attempt
  }

  /** The side that is spoken to now: another one after `upgrade`. */
  get wire(): Wire {
    return this.#wire
  }

  /** Notes what is going on. */
  doing(what: string): void {
    this.#attempt.evidence.doing = what
  }

  /** Asks for TLS in the words of a protocol, and begins it. */
  async negotiate(protocol: StartTls): Promise<void> {
    this.doing(`asking for TLS over ${protocol}`)
    const { settings, host } = this.#tls
    await negotiateTls(protocol, this.#wire, settings.serverName ?? host)
    await this.upgrade()
  }

  /**
   * Begins TLS.
   *
   * @throws ProbeFailure `protocol` when the peer has said more than it should before: it may be a stranger's words, and would
   * be taken for the peer's.
   */
  async upgrade(): Promise<void> {
    if (this.#wire.release()) {
      throw new ProbeFailure('protocol', 'the server sent data before TLS began')
    }
    this.#socket = await secure(this.#socket, this.#tls, this.#attempt)
    this.#wire = new Wire(this.#socket)
  }
}
