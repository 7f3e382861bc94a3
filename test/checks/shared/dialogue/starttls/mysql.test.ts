import { describe, expect, it } from 'vitest'
import type { Socket } from 'node:net'
import { script, upgrade } from '../../../../support/servers/talk-server.ts'
import { certificate, itTells, talk } from './support.ts'

const ssl = 0x800

/** A packet of MySQL: three bytes of length, a number, the payload. */
function packet(number: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(4)
  header.writeUIntLE(payload.length, 0, 3)
  header[3] = number
  return Buffer.concat([header, payload])
}

/** The greeting of a server, with all that MySQL 8 has in it. */
function greeting(lowerCapabilities: number): Buffer {
  const capabilities = Buffer.alloc(2)
  capabilities.writeUInt16LE(lowerCapabilities)
  const rest = Buffer.concat([
    Buffer.from([255, 2, 0, 0xff, 0xdf, 21]),
    Buffer.alloc(10),
    Buffer.from('0123456789ab\0caching_sha2_password\0'),
  ])
  const version = Buffer.from('\x0a8.0.36\0', 'latin1')
  return packet(
    0,
    Buffer.concat([
      version,
      Buffer.from([7, 0, 0, 0]),
      Buffer.alloc(8, 's'),
      Buffer.alloc(1),
      capabilities,
      rest,
    ]),
  )
}

/** Header and payload of the request for TLS. The server says nothing to it, so that the handshake may come along with it. */
const requestBytes = 36

/** Greets, and begins TLS after the request for it. */
const server =
  (hello: Buffer, onRequest: (request: Buffer, socket: Socket) => void = () => undefined) =>
  (socket: Socket): void => {
    let heard = Buffer.alloc(0)
    socket.write(hello)
    socket.on('data', (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk])
      if (heard.length < requestBytes) return
      socket.pause().removeAllListeners('data')
      if (heard.length > requestBytes) socket.unshift(heard.subarray(requestBytes))
      onRequest(heard.subarray(0, requestBytes), socket)
    })
  }

describe('STARTTLS with a MySQL server', () => {
  it('works, with the request that the protocol has for it', async () => {
    let seen: Buffer | undefined
    const secured = script('', { hi: 'ho\n' })
    const result = await talk(
      'mysql',
      server(greeting(0xffff), (request, socket) => {
        seen = request
        upgrade('', certificate, secured)(socket)
      }),
      { dialogue: [{ send: 'hi' }, { expect: '^ho' }] },
    )
    expect(result).toMatchObject({ success: true, tls: { verified: true } })
    // Length 32, packet 1, what a login can do and SSL, at most 16 MiB, utf8mb4, 23 zeros.
    expect(seen?.toString('hex')).toBe(`2000000109aa0800000000012d${'00'.repeat(23)}`)
  })

  const error = (text: string): Buffer =>
    packet(0, Buffer.concat([Buffer.from([0xff, 0x10, 0x04]), Buffer.from(text)]))
  itTells('mysql', {
    'has no TLS': [server(greeting(0xffff & ~ssl)), 'tls', 'the MySQL server does not offer TLS'],
    'is full': [
      server(error('#08004Too many connections')),
      'status',
      'MySQL answered with error 1040: "Too many connections"',
    ],
    'is full, in older words': [
      server(error('Too many')),
      'status',
      'MySQL answered with error 1040: "Too many"',
    ],
    'is something else': [
      server(Buffer.from('SSH-2.0-x\r\n')),
      'protocol',
      'expected the greeting of MySQL, got "SSH-"',
    ],
    'is of another protocol': [
      server(packet(0, Buffer.from('\x09old\0', 'latin1'))),
      'protocol',
      'expected the greeting of MySQL, got "old"',
    ],
    'greets with too little': [
      server(packet(0, Buffer.from('\x0a8\0abc', 'latin1'))),
      'protocol',
      /^expected the greeting of MySQL/,
    ],
    'goes at once': [
      (socket) => socket.end(),
      'connect',
      'the server closed the connection before its greeting',
    ],
    'goes in the middle of its greeting': [
      (socket) => socket.end(greeting(ssl).subarray(0, 20)),
      'protocol',
      'the server closed the connection before the end of its greeting',
    ],
    'slips a packet in before TLS': [
      server(Buffer.concat([greeting(ssl), Buffer.from('evil')])),
      'protocol',
      /^the server sent data before TLS began/,
    ],
    'says nothing': [(socket) => socket.resume(), 'timeout', /while asking for TLS over mysql$/],
  })
})
