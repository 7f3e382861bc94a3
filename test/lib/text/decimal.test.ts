import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { compareNumbers, Decimal, exactJson, exactOf } from '../../../src/lib/text/decimal.ts'

const decimal = (source: string): Decimal => new Decimal(source)

describe('compareNumbers', () => {
  it.each([
    ['0.1', '0.10'],
    ['1.0', '1'],
    ['100', '1e2'],
    ['-0', '0'],
    ['0e9', '-0.000'],
    ['12.50e-1', '1.25'],
    ['1E400', '10e399'],
    ['007', '7'],
  ])('%s is %s', (left, right) => {
    expect(compareNumbers(decimal(left), decimal(right))).toBe(0)
  })

  it.each([
    ['9007199254740992', '9007199254740993'],
    ['0.1', '0.1000000000000000055511151231257827'],
    ['-1e400', '-1e399'],
    ['-0.1', '0'],
    ['1e-400', '1e-399'],
    ['99', '100'],
    ['12', '123'],
    ['-123', '-12'],
  ])('%s is less than %s', (left, right) => {
    expect(compareNumbers(decimal(left), decimal(right))).toBeLessThan(0)
    expect(compareNumbers(decimal(right), decimal(left))).toBeGreaterThan(0)
  })

  it('takes a double for its shortest decimal', () => {
    expect(compareNumbers(0.1, decimal('0.10'))).toBe(0)
    expect(compareNumbers(decimal('0.10000000000000001'), 0.1)).toBeGreaterThan(0)
    expect(compareNumbers(1e21, decimal('1000000000000000000000'))).toBe(0)
  })

  it('compares whole numbers of any length as BigInt does', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), (a, b) => {
        const order = compareNumbers(decimal(String(a)), decimal(String(b)))
        expect(Math.sign(order)).toBe(a < b ? -1 : a > b ? 1 : 0)
      }),
    )
  })

  it('compares doubles as they compare themselves, however many zeros are written', () => {
    const double = fc.double({ noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(double, double, (a, b) => {
        const order = compareNumbers(decimal(a.toExponential()), b)
        expect(Math.sign(order)).toBe(a < b ? -1 : a > b ? 1 : 0)
      }),
    )
  })
})

describe('exactOf', () => {
  it.each(['1', '1.0', '0.10', '1e2', '0x10', '0o17', '-0', '+5', '.5', '1e21'])(
    '%s is a double',
    (source) => {
      const rounded = Number(source)
      expect(exactOf(rounded, source)).toBe(rounded)
    },
  )

  it.each([
    ['9007199254740993', '9007199254740993'],
    ['0x20000000000001', '9007199254740993'],
    ['9007199254740990.6', '9007199254740990.6'],
    ['1.00000000000000000001', '1.00000000000000000001'],
    ['1e400', '1e400'],
    ['1e-400', '1e-400'],
  ])('%s is none', (source, written) => {
    expect(exactOf(Number(source), source)).toEqual(new Decimal(written))
  })

  it.each([Infinity, NaN])('has nothing to do with %d', (value) => {
    expect(exactOf(value, '.inf')).toBe(value)
  })
})

describe('exactJson', () => {
  it('writes numbers as they were written, as far as JSON has them', () => {
    const numbers = ['9007199254740993', '+1', '.5', '5.', '-007.10', '1E400'].map(decimal)
    expect(exactJson({ a: numbers, b: ['x"', null, true, 1.5] })).toBe(
      '{"a":[9007199254740993,1,0.5,5,-7.10,1e400],"b":["x\\"",null,true,1.5]}',
    )
  })

  it('is what JSON.stringify writes where there is nothing else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(exactJson(value)).toBe(JSON.stringify(value))
      }),
    )
  })
})
