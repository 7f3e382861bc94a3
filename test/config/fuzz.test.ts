import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { ConfigError } from '../../src/settings/errors.ts'
import { parse } from '../support/parse-config.ts'
import { badTexts } from './bad-cases.ts'

/** Whatever the text is, it is a configuration or it is refused with a place and a reason. */
function loadsOrIsRefused(text: string): void {
  try {
    const config = parse(text, { env: { NAME: 'value' } })
    for (const { timeout, interval, instance } of config.targets) {
      expect(timeout).toBeLessThan(interval)
      expect(instance).toMatch(/^https?:\/\/[^?#]+(?:#.+)?$/)
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    expect(error.issues.length).toBeGreaterThan(0)
    for (const issue of error.issues) {
      expect(issue.line).toBeGreaterThan(0)
      expect(issue.column).toBeGreaterThan(0)
      expect(issue.message).not.toBe('')
      expect(issue.message).not.toContain('\n')
    }
  }
}

const words = [
  ...[
    'targets',
    'defaults',
    'modules',
    'vendors',
    'probe',
    'name',
    'url',
    'expect',
    'labels',
    'headers',
    'auth',
  ],
  ...[
    'interval',
    'timeout',
    'alert_after',
    'status',
    'json',
    'body',
    'matches',
    '<<',
    '__proto__',
    'constructor',
  ],
  ...[
    'https://a.example.com',
    'https://a:b@c/?d',
    '30s',
    '5%',
    '1MiB',
    '3',
    'off',
    '~',
    'true',
    '${NAME}',
    '${',
  ],
  ...[
    ': ',
    '- ',
    '\n',
    '\n  ',
    '\n    ',
    '{ ',
    ' }',
    '[ ',
    ' ]',
    ', ',
    '&a ',
    '*a',
    '"',
    "'",
    '|',
    '>',
    '#',
    '%',
    '\t',
    '!x ',
  ],
]

describe('whatever is in the file', () => {
  it('random pieces of YAML', () => {
    const text = fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((parts) => parts.join(''))
    fc.assert(fc.property(text, loadsOrIsRefused), { numRuns: 1000 })
  })

  it('random text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), loadsOrIsRefused), { numRuns: 500 })
  })

  it('a fixture with a piece cut out and another put in', () => {
    const position = fc.nat(500)
    fc.assert(
      fc.property(
        fc.constantFrom(...badTexts),
        position,
        position,
        fc.constantFrom(...words),
        (text, at, length, word) => {
          loadsOrIsRefused(text.slice(0, at) + word + text.slice(at + (length % 20)))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('random values under the keys of a target', () => {
    const key = fc.constantFrom(...words.filter((word) => /^[a-z_]+$/.test(word)))
    const value = fc.oneof(fc.constantFrom(...words), fc.jsonValue({ maxDepth: 2 }))
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 5 }), (target) => {
        loadsOrIsRefused(
          JSON.stringify({ targets: [{ name: 'a', url: 'https://a.example.com', ...target }] }),
        )
        loadsOrIsRefused(
          JSON.stringify({
            defaults: target,
            targets: [{ name: 'a', url: 'https://a.example.com', expect: target }],
          }),
        )
      }),
      { numRuns: 250 },
    )
  })

  it('nesting of any depth', () => {
    for (const open of ['[', '{a: ', '- ', '? ', '&a [', '!!seq ['])
      for (const depth of [49, 51, 500, 5000]) loadsOrIsRefused(`targets: ${open.repeat(depth)}`)
  })
})
