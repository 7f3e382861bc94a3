import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'

/** TLS_RSA_WITH_AES_128_CBC_SHA, which OpenSSL still has. */
const cipherSuite = [0x00, 0x2f]

/**
 * Answers as old appliances and inspecting firewalls do, and then ends: with the ServerHello of TLS 1.2 (RFC 5246, section 7.4.1.3)
 * without extensions, so that the client cannot know whether the server renegotiates safely (RFC 5746).
 */
export function helloWithoutExtensions(socket: Socket): void {
  const body = Buffer.concat([Buffer.from([3, 3]), randomBytes(32), Buffer.from([0, ...cipherSuite, 0])])
  const message = Buffer.concat([Buffer.from([2, 0, 0, body.length]), body])
  socket.once('data', () => socket.end(Buffer.concat([Buffer.from([22, 3, 3, 0, message.length]), message])))
}
