/** A message that is not what RFC 1035 says. */
export class MalformedMessage extends Error {
  override name = 'MalformedMessage'
}

/** Octets of a name, its lengths and its end included: RFC 1035, section 2.3.4. */
const maxNameLength = 255

/** Reads a message from its beginning, and nothing beyond its end. */
export class MessageReader {
  readonly #bytes: Buffer
  #position: number
  readonly #end: number

  constructor(bytes: Buffer, position = 0, end = bytes.length) {
    this.#bytes = bytes
    this.#position = position
    this.#end = end
  }

  get left(): number {
    return this.#end - this.#position
  }

  uint8(): number {
    return this.#take(1).readUInt8()
  }

  uint16(): number {
    return this.#take(2).readUInt16BE()
  }

  uint32(): number {
    return this.#take(4).readUInt32BE()
  }

  bytes(count: number): Buffer {
    return this.#take(count)
  }

  rest(): Buffer {
    return this.#take(this.left)
  }

  /** A length and so many octets: RFC 1035, section 3.3. */
  characterString(): Buffer {
    return this.#take(this.uint8())
  }

  /** Another reader at the same place. */
  copy(): MessageReader {
    return new MessageReader(this.#bytes, this.#position, this.#end)
  }

  /** A part of the message, whose names may still point anywhere before. */
  section(length: number): MessageReader {
    const start = this.#position
    this.#take(length)
    return new MessageReader(this.#bytes, start, start + length)
  }

  /**
   * A domain name (RFC 1035, section 4.1.4) as a list of labels. A pointer may only lead further back, so that none leads in a
   * circle.
   */
  name(): Buffer[] {
    const labels: Buffer[] = []
    let position = this.#position
    let segment = position
    let pointedFrom: number | undefined
    let length = 1
    for (;;) {
      const size = this.#byteAt(position)
      if (size === 0) break
      if (size >= 0xc0) {
        const target = ((size & 0x3f) << 8) | this.#byteAt(position + 1)
        if (target >= segment) throw new MalformedMessage('a name points forward')
        pointedFrom ??= position
        position = target
        segment = target
        continue
      }
      if (size > 63) throw new MalformedMessage('a name has a label of an unknown kind')
      length += size + 1
      if (length > maxNameLength) throw new MalformedMessage('a name is too long')
      const start = position + 1
      if (start + size > this.#bytes.length) throw new MalformedMessage('a name has no end')
      labels.push(this.#bytes.subarray(start, start + size))
      position = start + size
    }
    this.#position = pointedFrom === undefined ? position + 1 : pointedFrom + 2
    if (this.#position > this.#end) throw new MalformedMessage('a name has no end')
    return labels
  }

  #byteAt(position: number): number {
    const byte = this.#bytes[position]
    if (byte === undefined) throw new MalformedMessage('a name has no end')
    return byte
  }

  #take(count: number): Buffer {
    const start = this.#position
    if (start + count > this.#end) throw new MalformedMessage('the message is cut short')
    this.#position = start + count
    return this.#bytes.subarray(start, start + count)
  }
}
