import { bounds, shown, TooMuchWork } from './work.ts'

const [quote, backslash] = [0x22, 0x5c]
const byteOrderMark = Uint8Array.of(0xef, 0xbb, 0xbf)

/**
 * Goes through a JSON text without making all of it at once: objects and arrays can be entered, any other value is parsed, and
 * must be small.
 */
export class JsonCursor {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (this.#bytes.subarray(0, 3).equals(byteOrderMark)) this.#at = 3
  }

  /** Whether the next value is an object that can be entered, or an array. */
  isAt(opening: '{' | '['): boolean {
    return this.#peek() === opening
  }

  /** The names of an object's members. Each time, the value has to be taken before the next. */
  *members(): Generator<string> {
    this.#expect('{')
    if (this.#took('}')) return
    do {
      const name = this.value()
      if (typeof name !== 'string') throw new SyntaxError('a member of an object has no name')
      this.#expect(':')
      yield name
    } while (this.#took(','))
    this.#expect('}')
  }

  /** Stops at each element of an array. Each has to be taken before the next. */
  *elements(): Generator<true> {
    this.#expect('[')
    if (this.#took(']')) return
    do yield true
    while (this.#took(','))
    this.#expect(']')
  }

  /**
   * Takes the next value.
   *
   * @throws SyntaxError when it is not JSON; TooMuchWork when it is large.
   */
  value(): unknown {
    return this.parse(this.range())
  }

  /** Takes the next value without parsing it. */
  range(): readonly [start: number, end: number] {
    this.#peek()
    const start = this.#at
    this.#at = this.#endOfValue(start)
    return [start, this.#at]
  }

  parse([start, end]: readonly [start: number, end: number]): unknown {
    return JSON.parse(this.#bytes.toString('utf8', start, end))
  }

  /** @throws SyntaxError when there is more. */
  end(): void {
    if (this.#peek() !== undefined) throw new SyntaxError('there is more after the JSON')
  }

  #peek(): string | undefined {
    const start = this.#at
    for (let byte = this.#bytes[start]; byte !== undefined; byte = this.#bytes[++this.#at]) {
      if (byte > 0x20) return String.fromCharCode(byte)
      checkSize(this.#at - start)
    }
    return undefined
  }

  #took(character: string): boolean {
    const found = this.#peek() === character
    if (found) this.#at++
    return found
  }

  #expect(character: string): void {
    if (!this.#took(character)) throw new SyntaxError(`expected ${character} in the JSON at byte ${this.#at}`)
  }

  #endOfValue(start: number): number {
    let depth = 0
    for (let at = start; at < this.#bytes.length; at++) {
      checkSize(at - start)
      const byte = this.#bytes[at] as number
      if (byte === quote) {
        at = this.#endOfText(at)
        if (depth === 0) return at + 1
      } else if (isOpening(byte)) depth++
      else if (isClosing(byte)) {
        // Of what holds a number, or a word.
        if (depth === 0) return at
        if (--depth === 0) return at + 1
      } else if (depth === 0 && (byte <= 0x20 || byte === 0x2c)) return at
    }
    if (depth > 0) throw new SyntaxError('the JSON is truncated')
    return this.#bytes.length
  }

  #endOfText(start: number): number {
    for (let at = start + 1; ; at++) {
      at = this.#bytes.indexOf(quote, at)
      if (at === -1) throw new SyntaxError('the JSON is truncated')
      checkSize(at - start)
      let escapes = 0
      while (this.#bytes[at - 1 - escapes] === backslash) escapes++
      if (escapes % 2 === 0) return at
    }
  }
}

function checkSize(bytes: number): void {
  if (bytes > bounds.jsonValue)
    throw new TooMuchWork(`a span may have at most ${shown(bounds.jsonValue)} bytes of JSON`)
}

function isOpening(byte: number): boolean {
  return byte === 0x5b || byte === 0x7b
}

function isClosing(byte: number): boolean {
  return byte === 0x5d || byte === 0x7d
}
