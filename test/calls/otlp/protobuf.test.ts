import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { decodeProtobuf } from '../../../src/calls/otlp/decode-protobuf.ts'
import { Work } from '../../../src/calls/otlp/work.ts'
import { bytesField, fieldsOf, ProtobufError, varintField } from '../../../src/calls/otlp/protobuf.ts'

describe('protocol buffers', () => {
  it('are read as they are written', () => {
    const number = fc.integer({ min: 1, max: 536_870_911 })
    const field = fc.oneof(
      fc.tuple(number, fc.nat()).map(([at, value]) => ({ at, value })),
      fc.tuple(number, fc.uint8Array()).map(([at, bytes]) => ({ at, bytes })),
    )
    fc.assert(
      fc.property(fc.array(field), (fields) => {
        const written = fields.map((one) =>
          'bytes' in one ? bytesField(one.at, one.bytes) : varintField(one.at, one.value),
        )
        const read = [...fieldsOf(Buffer.concat(written))]
        expect(read.map((one) => [one.number, one.integer, [...one.bytes]])).toEqual(
          fields.map((one) =>
            'bytes' in one ? [one.at, 0n, [...one.bytes]] : [one.at, BigInt(one.value), []],
          ),
        )
      }),
    )
  })

  it('pass over what is not needed: 32-bit fields', () => {
    const bytes = Uint8Array.from([0x0d, 1, 2, 3, 4, 0x11, 1, 0, 0, 0, 0, 0, 0, 0])
    expect([...fieldsOf(bytes)]).toMatchObject([{ number: 2, integer: 1n }])
  })

  it.each([
    ['a number that is cut off', [0x08, 0x80], 'a number is truncated'],
    ['a number that does not end', [0x08, ...Array<number>(11).fill(0xff)], 'a number is too long'],
    ['a field that is cut off', [0x0a, 5, 1], 'a field is truncated'],
    ['a length beyond all memory', [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], 'a field is truncated'],
    ['a wire type that is none', [0x0b], 'there is no wire type 3'],
  ])('%s is an error', (_what, bytes, message) => {
    expect(() => [...fieldsOf(Uint8Array.from(bytes))]).toThrow(message)
  })

  it('of any bytes are read, or are an error', () => {
    const nested = fc
      .tuple(fc.uint8Array(), fc.integer({ min: 1, max: 3 }))
      .map(([bytes, depth]) =>
        Array.from({ length: depth }).reduce<Uint8Array>(
          (inner, _, i) => bytesField(i < 2 ? 2 : 1, inner),
          bytes,
        ),
      )
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), nested), (bytes) => {
        try {
          Array.from(decodeProtobuf(bytes, new Work()))
        } catch (error) {
          expect(error).toBeInstanceOf(ProtobufError)
        }
      }),
      { numRuns: 5000 },
    )
  })
})
