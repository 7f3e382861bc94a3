import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { boundedOutput } from '../../../src/lib/io/bounded-output.ts'

function collect(maxBytes: number, ...chunks: (string | Buffer)[]): { text: string; bytes: number } {
  const output = boundedOutput(maxBytes)
  for (const chunk of chunks) output.add(Buffer.from(chunk))
  return { text: output.text(), bytes: output.bytes() }
}

describe('bounded output', () => {
  it('is all of it while it fits', () => {
    expect(collect(8, 'ab', 'cdef', 'gh')).toEqual({ text: 'abcdefgh', bytes: 8 })
    expect(collect(8)).toEqual({ text: '', bytes: 0 })
  })

  it('loses its middle where it is too long', () => {
    expect(collect(8, 'abcdefghi', 'jkl')).toEqual({ text: 'abcd\n[… 4 bytes left out …]\nijkl', bytes: 12 })
  })

  it('keeps a letter whole that comes in two chunks', () => {
    const letter = Buffer.from('ü')
    expect(collect(8, letter.subarray(0, 1), letter.subarray(1)).text).toBe('ü')
  })

  it('shows bytes that are not UTF-8 as such', () => {
    expect(collect(8, Buffer.from([0x61, 0xff, 0xc3])).text).toBe('a\ufffd\ufffd')
  })

  it('keeps the same whatever the chunks are', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 30 })
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 400 }), fc.integer({ min: 2, max: 40 }), (chunks, max) => {
        expect(collect(max, ...chunks)).toEqual(collect(max, chunks.join('')))
      }),
    )
  })
})
