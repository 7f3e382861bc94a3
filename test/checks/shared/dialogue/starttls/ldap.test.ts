import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import type { Socket } from 'node:net'
import { readElements } from '../../../../../src/checks/shared/dialogue/starttls/ber.ts'
import { script, upgrade } from '../../../../support/servers/talk-server.ts'
import { certificate, itTells, talk } from './support.ts'

/** An element of BER; Active Directory writes every length of what is constructed in four bytes. */
function element(tag: number, content: Buffer, long = false): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length)
  return Buffer.concat([
    Buffer.from([tag]),
    long ? Buffer.concat([Buffer.from([0x84]), length]) : Buffer.from([content.length]),
    content,
  ])
}

interface Answer {
  readonly id?: number
  readonly long?: boolean
}

/** An extended response with a result code and a diagnostic message. */
function response(code: number, words = '', { id = 1, long = false }: Answer = {}): Buffer {
  const result = [
    element(0x0a, Buffer.from([code])),
    element(0x04, Buffer.alloc(0)),
    element(0x04, Buffer.from(words)),
  ]
  const name = element(0x8a, Buffer.from('1.3.6.1.4.1.1466.20037'))
  const operation = element(0x78, Buffer.concat([...result, name]), long)
  return element(0x30, Buffer.concat([element(0x02, Buffer.from([id])), operation]), long)
}

const server =
  (onRequest: (request: Buffer, socket: Socket) => void) =>
  (socket: Socket): void => {
    socket.once('data', (request: Buffer) => {
      onRequest(request, socket)
    })
  }
const says = (answer: Buffer | string) => server((_request, socket) => socket.write(answer))

describe('STARTTLS with an LDAP server', () => {
  it.each([
    ['OpenLDAP', false],
    ['Active Directory', true],
  ])('works as with %s, with the extended request of RFC 4511', async (_name, long) => {
    let seen: Buffer | undefined
    const secured = script('', { hi: 'ho\n' })
    const result = await talk(
      'ldap',
      server((request, socket) => {
        seen = request
        socket.write(response(0, '', { long }))
        upgrade('', certificate, secured)(socket)
      }),
      { dialogue: [{ send: 'hi' }, { expect: '^ho' }] },
    )
    expect(result).toMatchObject({ success: true, tls: { verified: true } })
    const [message] = readElements(seen!)!
    const [id, operation] = readElements(message!.content)!
    expect(id).toEqual({ tag: 0x02, content: Buffer.from([1]) })
    expect(operation!.tag).toBe(0x77)
    expect(readElements(operation!.content)).toEqual([
      { tag: 0x80, content: Buffer.from('1.3.6.1.4.1.1466.20037') },
    ])
  })

  itTells('ldap', {
    'does not know it': [
      says(response(2, 'unsupported extended operation')),
      'tls',
      'the LDAP server does not offer StartTLS: "unsupported extended operation"',
    ],
    'cannot do it now': [
      says(response(52, 'Could not initialize TLS')),
      'status',
      'expected 0 (success) to StartTLS, got 52 (unavailable): "Could not initialize TLS"',
    ],
    'goes with a notice': [
      says(response(51, 'too busy', { id: 0 })),
      'status',
      'the LDAP server ends the connection with 51 (busy): "too busy"',
    ],
    'is something else': [says('HTTP/1.1 400'), 'protocol', 'expected an answer to StartTLS, got "HT"'],
    'answers with another operation': [
      says(element(0x30, Buffer.concat([element(0x02, Buffer.from([1])), element(0x61, Buffer.alloc(0))]))),
      'protocol',
      /^expected an answer to StartTLS, got/,
    ],
    'answers with more than anybody reads': [
      says(Buffer.from([0x30, 0x84, 1, 0, 0, 0])),
      'protocol',
      /^expected an answer/,
    ],
    'goes instead of an answer': [
      server((_request, socket) => socket.end()),
      'connect',
      'the server closed the connection before its answer to StartTLS',
    ],
    'goes in the middle of its answer': [
      server((_request, socket) => socket.end(response(0).subarray(0, 9))),
      'protocol',
      'the server closed the connection before the end of its answer to StartTLS',
    ],
    'slips an answer in before TLS': [
      says(Buffer.concat([response(0), response(0)])),
      'protocol',
      /^the server sent data before TLS began/,
    ],
    'says nothing': [(socket) => socket.resume(), 'timeout', /while asking for TLS over ldap$/],
  })
})

describe('BER', () => {
  it('is read whatever the bytes are: elements that add up to them, or nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const elements = readElements(Buffer.from(bytes))
        if (elements === undefined) return
        const content = elements.reduce((sum, one) => sum + one.content.length, 0)
        expect(content + 2 * elements.length).toBeLessThanOrEqual(bytes.length)
      }),
    )
  })

  it.each([
    ['nothing', '', []],
    ['a short length', '04026869', ['6869']],
    ['a long length', '04840000000268690500', ['6869', '']],
  ])('has %s', (_name, hex, contents) => {
    expect(readElements(Buffer.from(hex, 'hex'))!.map(({ content }) => content.toString('hex'))).toEqual(
      contents,
    )
  })

  it.each([
    ['half of a header', '04'],
    ['half of a length', '0484000000'],
    ['half of the content', '040268'],
    ['a length without an end', '0480686900'],
    ['a length of five bytes', '04850000000000'],
  ])('is not %s', (_name, hex) => {
    expect(readElements(Buffer.from(hex, 'hex'))).toBeUndefined()
  })
})
