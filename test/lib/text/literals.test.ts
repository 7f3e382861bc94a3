import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Literals } from '../../../src/lib/text/literals.ts'
import { redact } from '../../../src/lib/text/redact.ts'
import { cpuTimeMs } from '../../support/time/cpu-time.ts'

/** So many that all are found in one pass. */
const others = Array.from({ length: 300 }, (_, n) => `other ${n}`)

const few = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', '\u{1f511}'), minLength, maxLength })

describe('literals', () => {
  it('are found wherever they stand, those that overlap as one', () => {
    expect(new Literals(['abcd', 'cdefgh', 'efgh']).spans('-abcdefgh-abcdabcd')).toEqual([
      [1, 9],
      [10, 14],
      [14, 18],
    ])
  })

  it('cover the same characters as a search for each of them', () => {
    fc.assert(
      fc.property(fc.array(few(4, 7), { maxLength: 6 }), few(0, 40), (literals, text) => {
        const covered = new Set<number>()
        for (const literal of literals)
          for (let at = text.indexOf(literal); at !== -1; at = text.indexOf(literal, at + 1))
            for (let each = at; each < at + literal.length; each++) covered.add(each)
        for (const all of [literals, [...literals, ...others]]) {
          const found = new Literals(all).spans(text)
          const spanned = found.flatMap(([from, to]) => Array.from({ length: to - from }, (_, n) => from + n))
          expect(spanned).toEqual([...covered].sort((a, b) => a - b))
        }
      }),
    )
  })

  it('leave a stump where the text ends with the beginning of one', () => {
    fc.assert(
      fc.property(fc.array(few(4, 7), { maxLength: 6 }), few(0, 12), (literals, text) => {
        const starts = Array.from({ length: Math.max(0, text.length - 3) }, (_, at) => at)
        const first = starts.find((at) => literals.some((literal) => literal.startsWith(text.slice(at))))
        expect(new Literals(literals).stumpOf(text)).toBe(first ?? text.length)
      }),
    )
  })
})

it('thousands of secrets are searched for in thousands of messages in seconds', () => {
  const secrets = Array.from({ length: 3000 }, (_, n) => `sk_live_${n}_${n * 7919}`)
  const messages = secrets.map((secret, n) => `targets.yml:${n}:7 token: "${secret}" is not a valid one…`)
  redact('', secrets)
  const spent = cpuTimeMs(() => {
    for (const message of messages) expect(redact(message, secrets)).not.toContain('sk_live_')
  })
  // It takes about half a second; a search for each form in each message took about ten.
  expect(spent).toBeLessThan(5000)
})
