import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { html } from '../../../src/lib/text/html.ts'
import { redact } from '../../../src/lib/text/redact.ts'
import { cut, excerpt } from '../../../src/lib/text/text.ts'

const inBase64 = (text: string): string => Buffer.from(text).toString('base64')

describe('redact', () => {
  it('replaces every secret, as it is and URL-encoded, the longest first', () => {
    const secrets = ['p@ss', 'p@ssword', 'other']
    expect(redact('a p@ssword, p%40ssword, p@ss and p@ss', secrets)).toBe(
      'a <secret>, <secret>, <secret> and <secret>',
    )
  })

  const secret = `s3cr&t "pässwörd" <+>!`
  it.each([
    ['in JSON, quotes and all', JSON.stringify({ message: secret })],
    ['in JSON in JSON', JSON.stringify({ body: JSON.stringify({ message: secret }) })],
    ['in JSON of ASCII only', 's3cr\\u0026t \\"p\\u00e4ssw\\u00f6rd\\" \\u003c+\\u003e!'],
    ['in a form', new URLSearchParams({ q: secret }).toString()],
    ['in a URL', encodeURIComponent(secret)],
    ['in a URL, in small letters', encodeURIComponent(secret).toLowerCase()],
    ['in the path of a URL', new URL(`http://localhost/${encodeURIComponent(secret)}`).href],
    ['in HTML', html`${secret}`.markup],
    ['in JSON in HTML', html`${JSON.stringify(secret)}`.markup],
    ['in base64', inBase64(secret)],
    ['in base64url', Buffer.from(secret).toString('base64url')],
  ])('finds a secret %s', (_where, text) => {
    const shown = redact(text, [secret])
    expect(shown).toContain('<secret>')
    expect(shown).not.toMatch(/s3cr|c3c3|p.{0,9}ssw/)
  })

  it('finds a secret in base64, whatever stands in front of it and behind it', () => {
    const before = fc.string({ unit: 'grapheme', maxLength: 9 })
    const long = fc.string({ unit: 'grapheme', minLength: 12, maxLength: 40 })
    fc.assert(
      fc.property(before, long, before, (front, hidden, behind) => {
        const encoded = inBase64(front + hidden + behind)
        const shown = redact(encoded, [hidden])
        // Of each end at most five characters are left, which hold bits of its neighbours.
        const around = Math.ceil((Buffer.byteLength(front + behind) * 4) / 3)
        expect(shown.replace(/<secret>/g, '').length).toBeLessThanOrEqual(around + 6)
      }),
    )
  })

  it('finds what is left of a secret where a text was cut', () => {
    const long = 'correct-horse-battery-staple'
    const text = `${'x'.repeat(118)}${long}${'y'.repeat(90)}`
    for (let length = 40; length < text.length; length++) {
      for (const shorter of [cut(text, length), excerpt(text, length), `${text.slice(0, length)}...`])
        expect(redact(shorter, [long])).not.toMatch(/corr|aple/)
    }
  })

  it('takes what is like the beginning of a secret elsewhere for what it is', () => {
    expect(redact('correct, and correct', ['correct-horse'])).toBe('correct, and correct')
  })

  it('leaves values alone that are too short to be recognized', () => {
    expect(redact('200 in 20 ms', ['', '2', '200'])).toBe('200 in 20 ms')
  })

  it('survives half a surrogate pair', () => {
    expect(redact('x', ['\ud800abc'])).toBe('x')
  })
})
