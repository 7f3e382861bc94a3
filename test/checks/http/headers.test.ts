import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import {
  contentCodings,
  contentLength,
  headerValue,
  headerValues,
  parseHttpDate,
} from '../../../src/checks/http/headers.ts'

describe('headerValues', () => {
  it('gives every value, in order', () => {
    expect(headerValues({ a: '1', b: ['2', '3'] }, 'a')).toEqual(['1'])
    expect(headerValues({ a: '1', b: ['2', '3'] }, 'b')).toEqual(['2', '3'])
    expect(headerValues({}, 'toString')).toEqual([])
    expect(headerValue({ b: ['2', '3'] }, 'b')).toBe('2')
  })
})

describe('contentLength', () => {
  it.each([
    [{ 'content-length': '42' }, 200, 42],
    [{ 'content-length': '0' }, 200, 0],
    [{}, 200, -1],
    [{}, 204, 0],
    [{}, 304, 0],
    [{ 'content-length': '1e3' }, 200, -1],
    [{ 'content-length': '-5' }, 200, -1],
  ])('of %j with %d', (headers, status, bytes) => {
    expect(contentLength(headers, status)).toBe(bytes)
  })
})

describe('parseHttpDate', () => {
  it.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT', 784_111_777],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 784_111_777],
    ['Sun Nov  6 08:49:37 1994', 784_111_777],
    ['Sun, 06 Nov 1994 08:49:37 +0200', undefined],
    ['1994-11-06T08:49:37Z', undefined],
    ['0', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of %j', (text, seconds) => {
    expect(parseHttpDate(text)).toBe(seconds)
  })

  it('reads back every date that is written as the standard says', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('2099-12-31'), noInvalidDate: true }), (date) => {
        expect(parseHttpDate(date.toUTCString())).toBe(Math.floor(date.getTime() / 1000))
      }),
    )
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const seconds = parseHttpDate(text)
        expect(seconds === undefined || Number.isFinite(seconds)).toBe(true)
      }),
    )
  })
})

describe('contentCodings', () => {
  it.each([
    ['gzip', ['gzip']],
    ['X-GZIP', ['gzip']],
    ['deflate, gzip', ['deflate', 'gzip']],
    [
      ['br', 'gzip'],
      ['br', 'gzip'],
    ],
    ['identity', []],
    [' , ', []],
    [undefined, []],
  ])('of %j', (header, codings) => {
    expect(contentCodings({ 'content-encoding': header })).toEqual(codings)
  })

  it('reads back any list, however it is spread over headers', () => {
    const coding = fc.constantFrom('gzip', 'br', 'deflate', 'zstd')
    fc.assert(
      fc.property(
        fc.array(fc.array(coding, { minLength: 1 })),
        fc.constantFrom(',', ', ', ' ,\t'),
        (lists, comma) => {
          const headers = { 'content-encoding': lists.map((list) => list.join(comma)) }
          expect(contentCodings(headers)).toEqual(lists.flat())
        },
      ),
    )
  })
})
