import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

const headerBytes = 12
const [isAnswer, isRefused] = [0x8180, 0x8185]

/** A name server that answers every question with one address, or refuses. */
export async function startNameServer(answers: () => boolean): Promise<{ port: number; stop: () => void }> {
  const socket: Socket = createSocket('udp4')
  socket.on('message', (question, { address, port }) => {
    if (question.length > headerBytes) socket.send(answerTo(question, answers()), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return { port: socket.address().port, stop: () => socket.close() }
}

/** RFC 1035: the question comes back, and after it a record that points to its name. */
function answerTo(question: Buffer, answers: boolean): Buffer {
  const end = question.indexOf(0, headerBytes) + 5
  const head = Buffer.from(question.subarray(0, end))
  head.writeUInt16BE(answers ? isAnswer : isRefused, 2)
  head.writeUInt16BE(answers ? 1 : 0, 6)
  head.writeUInt32BE(0, 8)
  if (!answers) return head
  const record = Buffer.from([0xc0, headerBytes, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 10])
  return Buffer.concat([head, record])
}
