import { Buffer } from 'node:buffer'

/** Lines that leave the process together. */
export interface Datagram {
  readonly text: string
  readonly lines: number
}

/** Packs lines, in their order, into datagrams of at most `maxBytes`. A longer line gets its own. */
export function pack(lines: readonly string[], maxBytes: number): Datagram[] {
  const datagrams: Datagram[] = []
  let text = ''
  let count = 0
  let size = 0
  for (const line of lines) {
    const length = Buffer.byteLength(line)
    if (count > 0 && size + length > maxBytes) {
      datagrams.push({ text, lines: count })
      text = ''
      count = 0
      size = 0
    }
    text += line
    count += 1
    size += length
  }
  if (count > 0) datagrams.push({ text, lines: count })
  return datagrams
}
