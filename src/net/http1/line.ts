/** Gathers one line, in whatever pieces it comes. */
export interface LineReader {
  /** Bytes of the line so far. */
  readonly length: number
  /** The line so far, one character a byte. */
  readonly soFar: () => string
  /**
   * Takes the next bytes.
   *
   * @returns Nothing while the line goes on. Once it has ended: the line without its line feed, one character a byte, and
   * what follows it; the next call begins a new line.
   */
  readonly push: (bytes: Buffer) => { readonly line: string; readonly rest: Buffer } | undefined
}

const lineFeed = 0x0a

/** Every byte is looked at and copied once, however small the pieces are. */
export function lineReader(): LineReader {
  let parts: Buffer[] = []
  let length = 0
  const soFar = (): string => Buffer.concat(parts).toString('latin1')
  return {
    get length() {
      return length
    },
    soFar,
    push(bytes) {
      const end = bytes.indexOf(lineFeed)
      const part = end < 0 ? bytes : bytes.subarray(0, end)
      parts.push(part)
      length += part.length
      if (end < 0) return undefined
      const line = soFar()
      parts = []
      length = 0
      return { line, rest: bytes.subarray(end + 1) }
    },
  }
}

/** Takes the carriage return off a line. Blanks may stand between it and the line feed. */
export function chomp(line: string, note: (oddity: 'bare-lf') => void): string {
  const chomped = /\r[\t ]*$/.exec(line)
  if (chomped) return line.slice(0, chomped.index)
  note('bare-lf')
  return line
}
