import { describe, expect, it } from 'vitest'
import { redact } from '../../../src/lib/text/redact.ts'

describe('redact', () => {
  it('replaces every secret, as it is and URL-encoded, the longest first', () => {
    const secrets = ['p@ss', 'p@ssword', 'other']
    expect(redact('a p@ssword, p%40ssword, p@ss and p@ss', secrets)).toBe(
      'a <secret>, <secret>, <secret> and <secret>',
    )
  })

  it('finds a secret in JSON, quotes and all', () => {
    const secret = 'say "friend"'
    expect(redact(JSON.stringify({ message: secret }), [secret])).toBe('{"message":"<secret>"}')
  })

  it('leaves values alone that are too short to be recognized', () => {
    expect(redact('200 in 20 ms', ['', '2', '200'])).toBe('200 in 20 ms')
  })

  it('survives half a surrogate pair', () => {
    expect(redact('x', ['\ud800abc'])).toBe('x')
  })
})
