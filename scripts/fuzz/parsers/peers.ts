import { createHash, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Duplex } from 'node:stream'
import type { Socket } from 'node:net'
import fc from 'fast-check'
import { upgrade } from '../../../src/checks/websocket/upgrade.ts'
import {
  certificatesOf,
  checkKey,
  checkPair,
  pemText,
  readPem,
  readPemFile,
} from '../../../src/net/tls/pem.ts'
import { dnsNames } from '../../../src/net/tls/info.ts'
import { Guard } from '../../../src/net/guard.ts'
import { ProbeFailure } from '../../../src/net/failure.ts'
import { ValueError } from '../../../src/settings/values/value.ts'
import { createCertificate } from '../../../test/support/certificates.ts'
import { host, joined } from '../grammar.ts'
import { expectThat, refusable, type Parser } from '../parser.ts'

const certificates = [
  createCertificate({ name: 'shop.example', dns: ['shop.example', '*.shop.example'], ip: ['127.0.0.1'] }),
  createCertificate({ name: 'a "quoted", name\\', dns: ['a,b.example', 'x:y'] }),
]

const folder = mkdtempSync(join(tmpdir(), 'probity-fuzz-'))
process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true })
})
const [first] = certificates
const pemFile = join(folder, 'a.pem')
writeFileSync(pemFile, first?.cert ?? '')

/** PEM texts, the path of one, and the names of a certificate as Node.js writes them. */
export const certificate: Parser = {
  name: 'certificate',
  seeds: [
    ...certificates.flatMap(({ cert, key }) => [cert, key, cert + key]),
    ...certificates.map(({ cert }) => cert + (first?.key ?? '')),
    certificates.map(({ cert }) => cert).join(''),
    pemFile,
    'DNS:a.example, IP Address:127.0.0.1, DNS:"b\\"c.example"',
    'DNS:*.shop.example, email:a@b.example',
  ],
  grammar: joined(
    fc.oneof(
      fc.constantFrom(pemFile, ...certificates.map(({ cert, key }) => cert + key)),
      host.map((name) => `DNS:${name}`),
      fc.constantFrom('IP Address:127.0.0.1', 'DNS:"a\\"b"', 'URI:https://a.example/?a=b'),
    ),
    ', ',
    3,
  ),
  tokens: [
    '-----BEGIN CERTIFICATE-----\n',
    '-----END CERTIFICATE-----\n',
    '-----BEGIN PRIVATE KEY-----',
    'ENCRYPTED',
    'DNS:',
    'IP Address:',
    '"',
    '\\"',
    ', ',
    '=',
    'MII',
    pemFile,
    '/',
  ],
  sources: ['src/net/tls/pem.ts'],
  parse: async (input) => {
    const text = input.toString('latin1')
    const names = dnsNames(text)
    expectThat(
      names.every((name) => text.includes(name)),
      'a name that is not there',
    )
    const isChain = await refusable(() => {
      for (const pem of certificatesOf(text)) dnsNames(new X509Certificate(pem).subjectAltName)
    }, ValueError)
    const [key = text] = /-----BEGIN PRIVATE KEY-----[^-]*-----END PRIVATE KEY-----/.exec(text) ?? []
    const isKey = await refusable(() => {
      checkKey(key)
      if (isChain) checkPair(text, key)
    }, ValueError)
    const isPem = await Promise.all(
      [readPem(checkKey), readPem(certificatesOf), readPemFile(certificatesOf)].map((read) =>
        refusable(() => {
          expectThat(pemText(read(text)) !== '', 'a PEM without a text')
        }, ValueError),
      ),
    )
    return isChain || isKey || isPem.includes(true) || names.length > 0
  },
}

/** A connection whose other side says what it is given once it is asked. */
class Peer extends Duplex {
  readonly #said: (request: string) => Buffer
  #asked = ''

  constructor(said: (request: string) => Buffer) {
    super()
    this.#said = said
  }

  override _read(): void {
    // Everything is pushed at once.
  }

  /** Bytes that have been said. */
  bytesRead = 0

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#asked += chunk.toString('latin1')
    if (this.#asked.endsWith('\r\n\r\n')) {
      const said = this.#said(this.#asked)
      this.#asked = ''
      this.bytesRead = said.length
      // At once, or in two parts.
      const first = said.length % 2 === 0 ? said.length : Math.floor(said.length / 2)
      if (first > 0) this.push(said.subarray(0, first))
      setImmediate(() => {
        if (this.destroyed) return
        this.push(said.subarray(first))
        this.push(null)
      })
    }
    done()
  }
}

const acceptOf = (request: string): string =>
  createHash('sha1')
    .update(`${/sec-websocket-key: (\S+)/i.exec(request)?.[1] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')

const frame = (opcode: number, text: string): string =>
  Buffer.concat([Buffer.from([0x80 | opcode, Buffer.byteLength(text)]), Buffer.from(text)]).toString('latin1')

const upgraded =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ACCEPT\r\n\r\n'
const check = { url: 'ws://a.example/', headers: {}, subprotocols: [] }
const logins = [undefined, { type: 'bearer', token: 'x' }, { type: 'basic', username: 'u', password: 'p' }]
const manyFrames = (opcode: number, count: number, text = ''): string => frame(opcode, text).repeat(count)

/** The answer to an upgrade, and the frames after it; the word ACCEPT stands for the key that is due. */
export const websocket: Parser = {
  name: 'websocket',
  seeds: [
    Buffer.from(`${upgraded}${frame(1, 'hello')}${frame(9, 'ping')}${frame(8, '\x03\xe8bye')}`, 'latin1'),
    Buffer.from(`${upgraded}\x01\x02he\x80\x03llo${frame(2, 'binary')}`, 'latin1'),
    'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno',
    Buffer.from(
      `HTTP/1.1 101 x\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Accept: ACCEPT\r\nX: y\r\n\r\n\x81\x7e\x00\x7e${'x'.repeat(126)}`,
      'latin1',
    ),
  ],
  grammar: fc
    .oneof(
      {
        arbitrary: fc
          .array(fc.tuple(fc.constantFrom(1, 1, 2, 9, 10), fc.string({ maxLength: 20 })), { maxLength: 5 })
          .map((frames) => upgraded + frames.map(([opcode, text]) => frame(opcode, text)).join('')),
        weight: 100,
      },
      // Too many of something, or nearly.
      {
        arbitrary: fc.constantFrom(
          upgraded + manyFrames(9, 101) + frame(1, 'more'),
          upgraded + manyFrames(1, 250),
          upgraded + manyFrames(1, 120, 'x'.repeat(100)),
          `${upgraded}\x82\x7f\0\0\0\0\x7f\xff\xff\xff`,
          'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(120),
          '',
        ),
        weight: 6,
      },
      fc.constantFrom(upgraded + manyFrames(1, 10_010), upgraded + manyFrames(1, 10_010, 'x'.repeat(120))),
    )
    .map((text) => Buffer.from(text, 'latin1')),
  tokens: [
    'ACCEPT',
    'HTTP/1.1 101 x\r\n',
    'Sec-WebSocket-Protocol: a\r\n',
    'Sec-WebSocket-Extensions: permessage-deflate\r\n',
    '\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff',
    '\x81\x80',
    '\xc1\x01a',
    '\x88\x01',
    '\x89\x7e',
    '\x01\x01a',
    '\x80\x01b',
  ],
  sources: [
    'src/checks/websocket/answered.ts',
    'src/checks/websocket/messages.ts',
    'src/checks/websocket/upgrade.ts',
  ],
  parse: async (input) => {
    const guard = new Guard()
    const peer = new Peer((request) =>
      Buffer.from(input.toString('latin1').replace('ACCEPT', acceptOf(request)), 'latin1'),
    )
    try {
      return await refusable(async () => {
        const read = async (): Promise<void> => {
          const { messages } = await upgrade(
            peer as unknown as Socket,
            { ...check, auth: logins[input.length % 3] } as never,
            guard,
            () => undefined,
            () => undefined,
          )
          if (input.length % 5 === 0) await messages.send('hello')
          while ((await messages.next()) !== undefined);
        }
        await guard.watch(read())
      }, ProbeFailure)
    } finally {
      peer.destroy()
    }
  },
}
