import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { Decimal, exactJson } from '../../../../src/lib/text/decimal.ts'
import { parseDocument } from '../../../../src/checks/http/json-path/document.ts'

describe('parseDocument', () => {
  it.each([
    ['1', 1],
    ['-1.5', -1.5],
    ['1.0', new Decimal('1.0')],
    ['-0', new Decimal('-0')],
    ['9007199254740993', new Decimal('9007199254740993')],
    ['{"a":[1e400,"1e400 9007199254740993"]}', { a: [new Decimal('1e400'), '1e400 9007199254740993'] }],
    ['{"1.0":1.0,"\\"":2.0}', { '1.0': new Decimal('1.0'), '"': new Decimal('2.0') }],
  ])('reads %s', (text, document) => {
    expect(parseDocument(text)).toEqual({ document })
  })

  it.each(['01', '1.', '-', '+1', '1e', '[1.0 2.0]', '{1.0:2}', '1.0"a"', '.5', '0x10', '1.0.0'])(
    '%s is no JSON',
    (text) => {
      expect(parseDocument(text)).toEqual({ problem: 'something else', tooMuch: false })
    },
  )

  it('reads all JSON, with numbers as they are written', () => {
    const digits = fc.stringMatching(/^-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,20})?(e[+-]?[0-9]{1,3})?$/)
    const leaf = fc.oneof(
      digits.map((source) => new Decimal(source)),
      fc.string(),
      fc.boolean(),
    )
    const value = fc.oneof(fc.array(leaf), fc.dictionary(fc.string(), leaf), leaf)
    fc.assert(
      fc.property(value, (written) => {
        const text = exactJson(written)
        const parsed = parseDocument(text)
        expect(exactJson('document' in parsed ? parsed.document : parsed)).toBe(text)
      }),
    )
  })
})
