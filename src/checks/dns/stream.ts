import type { Socket } from 'node:net'
import { messageOf } from '../../lib/errors.ts'
import { ProbeFailure } from '../../net/failure.ts'
import { Wire } from '../shared/dialogue/wire.ts'
import { decodeAnswer, type Answer, type Query } from './message.ts'
import { MalformedMessage } from './reader.ts'

/**
 * Asks over a connection, where messages have their length in front: RFC 7766, section 8.
 *
 * @throws ProbeFailure `protocol` when what comes is not an answer, `connect` when the server closes without an answer.
 */
export async function askStream(query: Query, socket: Socket): Promise<Answer> {
  const wire = new Wire(socket)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(query.bytes.length)
  await wire.send(Buffer.concat([length, query.bytes]))
  const announced = (await exactly(wire, 2)).readUInt16BE()
  const bytes = await exactly(wire, announced)
  try {
    return decodeAnswer(bytes, query)
  } catch (cause) {
    if (!(cause instanceof MalformedMessage)) throw cause
    throw new ProbeFailure('protocol', `the server sent no answer to the query: ${messageOf(cause)}`, {
      cause,
    })
  }
}

async function exactly(wire: Wire, count: number): Promise<Buffer> {
  const bytes = await wire.take(count)
  if (bytes.length === count) return bytes
  throw wire.received === 0
    ? new ProbeFailure('connect', 'the server closed the connection before it answered')
    : new ProbeFailure('protocol', 'the server closed the connection in the middle of its answer')
}
