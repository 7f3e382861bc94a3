/** Gathers one line, in whatever pieces it comes. */
export interface LineReader {
  /** Bytes of the line so far. */
  readonly length: number
  /** The last line that has ended, without its line feed; one character a byte. */
  readonly line: string
  /** The line so far, one character a byte. */
  readonly soFar: () => string
  /**
   * Takes the bytes from one place, up to another.
   *
   * @returns Where the bytes after the line feed begin, and the next call begins a new line; -1 while the line goes on.
   */
  readonly take: (bytes: Buffer, from: number, to: number) => number
}

export const lineFeed = 0x0a
export const carriageReturn = 0x0d

/** Every byte is looked at and copied once, however small the pieces are. */
export function lineReader(): LineReader {
  let parts: Buffer[] = []
  let length = 0
  let line = ''
  const soFar = (): string => Buffer.concat(parts).toString('latin1')
  const add = (bytes: Buffer, from: number, to: number): void => {
    const part = bytes.subarray(from, to)
    parts.push(part)
    length += part.length
  }
  return {
    get length() {
      return length
    },
    get line() {
      return line
    },
    soFar,
    take(bytes, from, to) {
      const end = bytes.indexOf(lineFeed, from)
      if (end < 0 || end >= to) {
        add(bytes, from, to)
        return -1
      }
      // Nearly all lines come in one piece.
      if (parts.length === 0) line = bytes.toString('latin1', from, end)
      else {
        add(bytes, from, end)
        line = soFar()
        parts = []
        length = 0
      }
      return end + 1
    },
  }
}

/** Takes the carriage return off a line. Blanks may stand between it and the line feed. */
export function chomp(line: string, note: (oddity: 'bare-lf' | 'line-end') => void): string {
  if (line.charCodeAt(line.length - 1) === carriageReturn) return line.slice(0, -1)
  const chomped = /\r[\t ]+$/.exec(line)
  note(chomped ? 'line-end' : 'bare-lf')
  return chomped ? line.slice(0, chomped.index) : line
}
