import { ProbeFailure } from '../../net/failure.ts'
import type { Wire } from '../shared/dialogue/wire.ts'

/** An answer, as text: the items of a list one per line. */
export type Reply = { readonly text: string } | { readonly error: string }

/** Items of a list, in all; a command that is answered with more is not one for a check. */
const maxItems = 10_000

/** Bytes of one text: the connection takes in no more. */
const maxBytes = 1024 * 1024

/** A command as RESP2 has it, which every server speaks: a list of texts. */
export function commandBytes(words: readonly string[]): Buffer {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`)
  return Buffer.from(`*${words.length}\r\n${parts.join('')}`)
}

/**
 * Reads one answer of RESP2.
 *
 * @throws ProbeFailure `protocol` for what is not one, `connect` when the server has closed the connection, `size` for too much.
 */
export async function readReply(wire: Wire): Promise<Reply> {
  return read(wire, { items: 0 })
}

async function read(wire: Wire, count: { items: number }): Promise<Reply> {
  if (++count.items > maxItems) throw new ProbeFailure('size', `the answer has more than ${maxItems} items`)
  const line = await wire.line()
  if (line === undefined)
    throw wire.received === 0
      ? new ProbeFailure('connect', 'the server closed the connection before it answered')
      : new ProbeFailure('protocol', 'the server closed the connection in the middle of its answers')
  const rest = line.slice(1)
  switch (line[0]) {
    case '+':
      return { text: rest }
    case '-':
      return { error: rest }
    case ':':
      if (!/^[+-]?\d+$/.test(rest)) throw strange()
      return { text: String(BigInt(rest)) }
    case '$':
      return { text: await readText(wire, lengthOf(rest)) }
    case '*':
      return readList(wire, lengthOf(rest), count)
    default:
      throw strange()
  }
}

async function readText(wire: Wire, length: number): Promise<string> {
  if (length === -1) return '(nil)'
  const bytes = await wire.take(length + 2)
  if (bytes.length < length + 2)
    throw new ProbeFailure('protocol', 'the server closed the connection in the middle of its answer')
  return bytes.subarray(0, length).toString()
}

async function readList(wire: Wire, length: number, count: { items: number }): Promise<Reply> {
  const texts: string[] = []
  for (let index = 0; index < length; index++) {
    const item = await read(wire, count)
    texts.push('text' in item ? item.text : item.error)
  }
  return { text: length === -1 ? '(nil)' : texts.join('\n') }
}

/** -1 stands for nothing. */
function lengthOf(text: string): number {
  const length = Number(text)
  if (!/^(?:-1|\d+)$/.test(text)) throw strange()
  if (length > maxBytes) throw new ProbeFailure('size', `the answer is larger than ${maxBytes / 1024} KiB`)
  return length
}

function strange(): ProbeFailure {
  return new ProbeFailure('protocol', 'what the server sent is not an answer of Redis (RESP2)')
}
