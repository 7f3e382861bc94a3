import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { recordTypes, type RecordType } from '../../../src/checks/dns/names.ts'
import { decodeAnswer, encodeQuery } from '../../../src/checks/dns/message.ts'
import { MalformedMessage } from '../../../src/checks/dns/reader.ts'
import { cpuTimeMs } from '../../support/time/cpu-time.ts'
import { answerTo, askedFor, data, uint16, uint32, wireName } from '../../support/servers/dns-server.ts'

const query = encodeQuery(0x1234, { name: 'shop.example', type: 'A' }, true)

/** The text of one record with this data. */
function textOf(type: number, bytes: Buffer, name?: string): string {
  const message = answerTo(query.bytes, {
    answer: [{ type, data: bytes, ...(name !== undefined && { name }) }],
  })
  return decodeAnswer(message, query).answer[0]!.text
}

const shop = 'shop.example.\t300\tIN\t'
const address6 = Buffer.from('20010db8000000000000000000000001', 'hex')

describe('encodeQuery', () => {
  it('writes what RFC 1035 says', () => {
    expect(query.bytes.toString('hex')).toBe(
      ['1234', '0100', '0001000000000000', '0473686f70', '076578616d706c65', '00', '0001', '0001'].join(''),
    )
  })

  it('asks for the root, and without recursion', () => {
    const { bytes } = encodeQuery(1, { name: '', type: 'NS' }, false)
    expect(bytes.toString('hex')).toBe(['0001', '0000', '0001000000000000', '00', '0002', '0001'].join(''))
  })

  it('writes every name that the configuration takes', () => {
    const label = fc.stringMatching(/^[a-z0-9_-]{1,20}$/)
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 6 }), fc.nat(0xffff), (labels, id) => {
        const name = labels.join('.')
        const { bytes } = encodeQuery(id, { name, type: 'MX' }, true)
        expect(askedFor(bytes)).toEqual({ name, type: 15 })
        expect(bytes.readUInt16BE()).toBe(id)
      }),
    )
  })
})

describe('decodeAnswer', () => {
  it.each<[RecordType, Buffer, string]>([
    ['A', data.a('192.0.2.1'), '192.0.2.1'],
    ['AAAA', address6, '2001:db8::1'],
    ['NS', wireName('ns1.example'), 'ns1.example.'],
    ['CNAME', Buffer.from([0xc0, 12]), 'shop.example.'],
    ['PTR', wireName(''), '.'],
    ['MX', data.mx(10, 'mx.example'), '10 mx.example.'],
    ['TXT', data.txt('v=spf1 -all', 'say "hi" \\ \x07é'), '"v=spf1 -all" "say \\"hi\\" \\\\ \\007\\233"'],
    ['SOA', data.soa(2026112101), 'ns.example. host\\ master.example. 2026112101 1 2 3 4'],
    ['SRV', Buffer.concat([uint16(1), uint16(2), uint16(443), wireName('a.example')]), '1 2 443 a.example.'],
    [
      'CAA',
      Buffer.concat([Buffer.from([0]), data.txt('issue'), Buffer.from('ca.example; a=b')]),
      '0 issue "ca.example; a=b"',
    ],
    ['DS', Buffer.from('03e80801abcdef', 'hex'), '1000 8 1 ABCDEF'],
    ['DNSKEY', Buffer.concat([uint16(257), Buffer.from([3, 8]), Buffer.from('key')]), '257 3 8 a2V5'],
    ['TLSA', Buffer.from('030101abcd', 'hex'), '3 1 1 abcd'],
    ['SSHFP', Buffer.from('0402ABcd', 'hex'), '4 2 ABCD'],
    ['HINFO', data.txt('PC', 'Linux'), '"PC" "Linux"'],
    [
      'NAPTR',
      Buffer.concat([uint16(1), uint16(2), data.txt('s', 'SIP', ''), wireName('x.example')]),
      '1 2 "s" "SIP" "" x.example.',
    ],
    ['HTTPS', Buffer.from('000100', 'hex'), '\\# 3 000100'],
  ])('writes %s as a zone file does', (type, bytes, text) => {
    expect(textOf(recordTypes[type], bytes)).toBe(`${shop}${type}\t${text}`)
  })

  it('writes types and names that it does not know so that they can be read', () => {
    expect(textOf(65_400, Buffer.from([1, 2]))).toBe(`${shop}TYPE65400\t\\# 2 0102`)
    expect(textOf(65_400, Buffer.alloc(0))).toBe(`${shop}TYPE65400\t\\# 0`)
    expect(textOf(1, data.a('10.0.0.1'), 'a b;c')).toBe('a\\ b\\;c.\t300\tIN\tA\t10.0.0.1')
  })

  it('tells the sections, the code and the serial number', () => {
    const one = { type: 1, data: data.a('10.0.0.1') }
    const soa = { type: 6, data: data.soa(4_294_967_295) }
    const decoded = decodeAnswer(
      answerTo(query.bytes, { rcode: 3, answer: [soa], authority: [one, one], additional: [one, one, one] }),
      query,
    )
    expect(decoded).toMatchObject({
      rcode: 'NXDOMAIN',
      truncated: false,
      answer: [{ serial: 4_294_967_295 }],
    })
    expect([decoded.authority.length, decoded.additional.length]).toEqual([2, 3])
    expect(decodeAnswer(answerTo(query.bytes, { rcode: 15 }), query).rcode).toBe('15')
  })

  it('takes a refusal that does not repeat the question', () => {
    const refusal = Buffer.concat([query.bytes.subarray(0, 2), Buffer.from('81050000000000000000', 'hex')])
    expect(decodeAnswer(refusal, query)).toMatchObject({ rcode: 'REFUSED', answer: [] })
  })

  it('compares names in any case', () => {
    const other = encodeQuery(0x1234, { name: 'SHOP.Example', type: 'A' }, true)
    expect(decodeAnswer(answerTo(other.bytes, {}), query).rcode).toBe('NOERROR')
  })

  const good = answerTo(query.bytes, { answer: [{ type: 1, data: data.a('10.0.0.1') }] })
  const changed = (position: number, ...bytes: readonly number[]): Buffer => {
    const copy = Buffer.from(good)
    copy.set(bytes, position)
    return copy
  }
  const pointers = (...bytes: readonly number[]): Buffer =>
    answerTo(query.bytes, { answer: [{ type: 5, data: Buffer.from(bytes) }] })
  const dataAt = pointers().length

  it.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), 'the message is cut short'],
    ['half a header', good.subarray(0, 7), 'the message is cut short'],
    ['the number of another question', changed(0, 0x99), 'it has the ID of another query'],
    ['a question', query.bytes, 'it is itself a query'],
    ['the answer to another name', changed(13, 0x58), 'it answers another query'],
    ['the answer to another type', changed(good.length - 17, 28), 'it answers another query'],
    ['no question', Buffer.concat([good.subarray(0, 4), Buffer.alloc(8)]), 'it does not repeat the query'],
    ['more records than there are', changed(6, 0xff, 0xff), 'a name has no end'],
    ['a record that is cut', good.subarray(0, -1), 'the message is cut short'],
    [
      'an address of three bytes',
      answerTo(query.bytes, { answer: [{ type: 1, data: Buffer.alloc(3) }] }),
      'the message is cut short',
    ],
    ['a name that points to itself', pointers(0xc0, dataAt), 'a name points forward'],
    ['a name that points forward', pointers(0xc0, dataAt + 2, 0, 0), 'a name points forward'],
    ['a name that points out of the message', pointers(0xff, 0xff), 'a name points forward'],
    ['a circle of pointers', pointers(1, 0x61, 0xc0, dataAt), 'a name points forward'],
    ['a label of an unknown kind', pointers(0x40, 0), 'a name has a label of an unknown kind'],
    ['a name without end', pointers(5, 0x61), 'a name has no end'],
    [
      'a name that is too long',
      pointers(...Array.from({ length: 130 }, () => [1, 0x61]).flat(), 0),
      'a name is too long',
    ],
  ])('refuses %s', (_name, bytes, message) => {
    expect(() => decodeAnswer(bytes, query)).toThrow(new MalformedMessage(message))
  })

  it('reads nothing of an answer that is cut, wherever it is cut', () => {
    const whole = answerTo(query.bytes, { truncated: true, answer: [{ type: 1, data: data.a('10.0.0.1') }] })
    expect(decodeAnswer(whole.subarray(0, -3), query)).toMatchObject({ truncated: true, answer: [] })
  })

  it('throws nothing but MalformedMessage, whatever the bytes are', () => {
    const prefix = good.subarray(0, good.length - 16)
    const types = fc.constantFrom(...Object.values(recordTypes), 41, 9999)
    const anyRecord = fc
      .tuple(fc.uint8Array({ maxLength: 12 }), types, fc.uint8Array({ maxLength: 40 }), fc.nat(300))
      .map(([name, type, bytes, length]) =>
        Buffer.concat([name, Buffer.from([0]), uint16(type), uint16(1), uint32(0), uint16(length), bytes]),
      )
    const tails = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(anyRecord, { maxLength: 4 }).map((records) => Buffer.concat(records)),
    )
    fc.assert(
      fc.property(tails, fc.nat(5), (tail, count) => {
        const message = Buffer.concat([prefix, tail])
        message.writeUInt16BE(count, 6)
        try {
          const { answer } = decodeAnswer(message, query)
          expect(answer).toHaveLength(count)
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMessage)
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('reads the largest message of the longest names in little time', () => {
    const labels = Array.from({ length: 3 }, () => 'x'.repeat(63)).join('.')
    const first = { name: labels, type: 5, data: wireName('a') }
    const at = query.bytes.length
    const short = Buffer.concat([
      Buffer.from([0xc0, at]),
      uint16(5),
      uint16(1),
      uint32(1),
      uint16(2),
      Buffer.from([0xc0, at]),
    ])
    const start = answerTo(query.bytes, { answer: [first] })
    const count = Math.floor((65_535 - start.length) / short.length)
    const message = Buffer.concat([start, ...Array.from({ length: count }, () => short)])
    message.writeUInt16BE(count + 1, 6)
    const decode = (): void => {
      expect(decodeAnswer(message, query).answer).toHaveLength(count + 1)
    }
    expect(cpuTimeMs(decode)).toBeLessThan(3000)
  })
})
