import { Buffer } from 'node:buffer'

/** Lines that leave the process together. */
export interface Datagram {
  readonly text: string
  readonly lines: number
}

/** Collects lines into datagrams. */
export interface Datagrams {
  /** The bytes that wait. */
  readonly bytes: number
  /** Whether a datagram is as full as it may be. */
  readonly full: boolean
  /** @returns False when there is no room for the line. */
  add: (line: string) => boolean
  /** Takes out everything that waits. */
  take: () => Datagram[]
}

/**
 * @param maxDatagramBytes A datagram is closed before it would exceed this. A longer line gets one of its own.
 * @param maxBytes What may wait at most.
 */
export function createDatagrams(maxDatagramBytes: number, maxBytes: number): Datagrams {
  let closed: Datagram[] = []
  let text = ''
  let lines = 0
  let size = 0
  let bytes = 0

  const close = (): void => {
    if (lines > 0) closed.push({ text, lines })
    text = ''
    lines = 0
    size = 0
  }
  return {
    get bytes() {
      return bytes
    },
    get full() {
      return closed.length > 0
    },
    add(line) {
      const length = Buffer.byteLength(line)
      if (bytes + length > maxBytes) return false
      if (size + length > maxDatagramBytes) close()
      text += line
      lines += 1
      size += length
      bytes += length
      return true
    },
    take() {
      close()
      const taken = closed
      closed = []
      bytes = 0
      return taken
    },
  }
}
