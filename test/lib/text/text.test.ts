import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { cut, excerpt, oneLine, plainText } from '../../../src/lib/text/text.ts'

describe('plain text', () => {
  it.each([
    ['keeps letters of any script, tabs and line feeds', 'Zürich\t日本\n🚨', 'Zürich\t日本\n🚨'],
    ['makes every line end a line feed', 'a\r\nb\rc\u2028d\u0085e', 'a\nb\nc\nd\ne'],
    ['drops the colours of a terminal', '\u001b[1;31mred\u001b[0m', 'red'],
    ['drops other control characters', 'a\u0000b\u0007c\u009bd', 'abcd'],
    ['drops what makes text read backwards', 'gpj.\u202eexe\u2066', 'gpj.exe'],
    ['replaces half characters', 'a\ud83dz', 'a\ufffdz'],
  ])('%s', (_name, text, expected) => {
    expect(plainText(text)).toBe(expected)
  })

  it('is on one line where that is asked for', () => {
    expect(oneLine(' a\r\n\tb  c\u2029')).toBe('a b c')
  })
})

describe('cut text', () => {
  const anyText = fc.string({ unit: fc.constantFrom('a', '🚨', 'ü', '\n'), maxLength: 60 })

  it('is never longer than allowed and never holds half a character', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, max) => {
        const result = cut(text, max)
        expect(result.length).toBeLessThanOrEqual(max)
        expect(result.isWellFormed()).toBe(true)
        if (text.length <= max) expect(result).toBe(text)
      }),
    )
  })

  it('shows that something is missing', () => {
    expect(cut('abcdef', 4)).toBe('abc…')
    expect(cut('ab🚨def', 4)).toBe('ab…')
  })

  it('keeps beginning and end where it is an excerpt', () => {
    expect(excerpt('short', 50)).toBe('short')
    expect(excerpt(`first${'x'.repeat(1000)}last`, 50)).toBe('first\n[… 999 characters left out …]\nxlast')
  })

  it('is never longer than allowed where it is an excerpt', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.integer({ min: 40, max: 120 }), (text, max) => {
        const result = excerpt(text.toWellFormed(), max)
        expect(result.length).toBeLessThanOrEqual(max)
        expect(result.isWellFormed()).toBe(true)
      }),
    )
  })
})
