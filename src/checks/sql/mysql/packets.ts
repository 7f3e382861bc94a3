import { ProbeFailure } from '../../../net/failure.ts'
import { closed } from '../../shared/dialogue/starttls/refusals.ts'
import type { Wire } from '../../shared/dialogue/wire.ts'

/** A packet of this length goes on in the next one. */
const maxPacket = 0xff_ffff

/** Packets in both directions: three bytes of length, a number, the payload. */
export class Packets {
  readonly #wire: Wire
  readonly #maxBytes: number
  #number: number

  /**
   * @param number Of the next packet.
   * @param maxBytes Of one packet that arrives.
   */
  constructor(wire: Wire, number: number, maxBytes: number) {
    this.#wire = wire
    this.#number = number
    this.#maxBytes = maxBytes
  }

  /** @throws ProbeFailure `protocol` for what is not the next packet, `size` for one that is too large. */
  async read(): Promise<Buffer> {
    const header = await this.#wire.take(4)
    if (header.length < 4) throw closed('the end of its answer', this.#wire)
    const length = header.readUIntLE(0, 3)
    if (header[3] !== this.#number) throw strange()
    if (length > this.#maxBytes)
      throw new ProbeFailure('size', `the server sent more than ${this.#maxBytes / 2 ** 20} MiB`)
    this.#number = (this.#number + 1) % 256
    const payload = await this.#wire.take(length)
    if (payload.length < length) throw closed('the end of its answer', this.#wire)
    // Every answer says something.
    if (length === 0) throw strange()
    return payload
  }

  async write(payload: Buffer): Promise<void> {
    if (payload.length >= maxPacket) throw new ProbeFailure('size', 'the query has more than 16 MiB')
    const header = Buffer.alloc(4)
    header.writeUIntLE(payload.length, 0, 3)
    header.writeUInt8(this.#number, 3)
    this.#number = (this.#number + 1) % 256
    await this.#wire.send(Buffer.concat([header, payload]))
  }

  /** A new exchange: its packets are counted from the beginning. */
  async ask(command: number, text = ''): Promise<void> {
    this.#number = 0
    await this.write(Buffer.concat([Buffer.from([command]), Buffer.from(text)]))
  }
}

/** Reads the fields of a packet, one after the other. */
export class Fields {
  readonly #packet: Buffer
  #at: number

  constructor(packet: Buffer, at = 0) {
    this.#packet = packet
    this.#at = at
  }

  /** A number in as many bytes as it takes; nothing stands for NULL. */
  number(): number | null {
    const first = this.#take(1)[0] ?? 0
    if (first < 0xfb) return first
    if (first === 0xfb) return null
    const bytes = { 0xfc: 2, 0xfd: 3, 0xfe: 8 }[first]
    if (bytes === undefined) throw strange()
    const raw = this.#take(bytes)
    const number = bytes === 8 ? Number(raw.readBigUInt64LE()) : raw.readUIntLE(0, bytes)
    return number
  }

  /** Text with its length before it; nothing stands for NULL. */
  text(): string | null {
    const length = this.number()
    return length === null ? null : this.#take(length).toString('utf8')
  }

  bytes(count: number): Buffer {
    return this.#take(count)
  }

  #take(count: number): Buffer {
    const end = this.#at + count
    if (end > this.#packet.length) throw strange()
    const bytes = this.#packet.subarray(this.#at, end)
    this.#at = end
    return bytes
  }
}

export function strange(): ProbeFailure {
  return new ProbeFailure('protocol', 'what the server sent is not an answer of MySQL')
}
