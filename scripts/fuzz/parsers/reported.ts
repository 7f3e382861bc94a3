import fc from 'fast-check'
import { fromReported, toReported } from '../../../src/history/relay/wire.ts'
import { asJson, mapping, word } from '../grammar.ts'
import { expectThat, expectWords, type Parser } from '../parser.ts'

const check = mapping(
  {
    target: fc.oneof(word, fc.constant('https://example.com/x?a=b')),
    labels: fc.dictionary(fc.constantFrom('vendor', 'team'), word),
    at: fc.constantFrom('2026-11-20T12:00:00Z', '2026-11-20T12:00:00.123Z'),
    durationSeconds: fc.double({ min: 0, max: 100, noNaN: true }),
    intervalSeconds: fc.constantFrom(0.5, 30, 86_400),
    success: fc.boolean(),
    reason: fc.constantFrom('status', 'timeout'),
    message: word,
    status: fc.constantFrom(200, 503),
    phases: fc.dictionary(fc.constantFrom('connect', 'tls'), fc.constantFrom(0, 0.5), { maxKeys: 2 }),
    inMaintenance: fc.boolean(),
  },
  ['target', 'labels', 'at', 'durationSeconds', 'intervalSeconds', 'success'],
)

const valid = {
  target: 'a',
  labels: {},
  at: '2026-11-20T12:00:00Z',
  durationSeconds: 1,
  intervalSeconds: 1,
  success: true,
}
const many = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`l${n}`, 'v']))

/** What every rule refuses. */
const wrong = [
  null,
  { ...valid, labels: many },
  { ...valid, target: '\ud800' },
  { ...valid, labels: { 'a-b': 'c' } },
].map((one) => JSON.stringify(one))

/** One check that another location reports. */
export const reported: Parser = {
  name: 'reported',
  seeds: [...fc.sample(check, { numRuns: 8, seed: 1 }).map((one) => asJson(one)), ...wrong],
  grammar: check.map((one) => asJson(one)),
  tokens: [
    '"target":',
    '"labels":',
    '"at":',
    '"success":',
    'true',
    '1e400',
    '-1',
    '{',
    '}',
    ',',
    ':',
    '"',
    'null',
    '\\u0000',
    '\\ud800',
  ],
  sources: ['src/history/relay/wire.ts'],
  parse(input) {
    let json: unknown
    try {
      json = JSON.parse(input.toString())
    } catch {
      // Express refuses it.
      return false
    }
    const row = fromReported(json, 'berlin')
    if (typeof row === 'string') {
      expectWords(row)
      expectThat(!row.includes('\n'), `a message of several lines: ${row}`)
      return false
    }
    const again = fromReported(toReported(row), 'berlin')
    expectThat(JSON.stringify(again) === JSON.stringify(row), 'it is another check when it is sent on')
    expectThat(row.location === 'berlin', 'it is of another location')
    expectThat(!Number.isNaN(Date.parse(row.checked_at)), 'a date that is not valid')
    expectThat(
      !/\p{Cc}/u.test(row.target) && row.target.isWellFormed(),
      'a name that cannot be stored or shown',
    )
    const texts = [row.message ?? '', ...Object.values(row.labels)]
    expectThat(
      texts.every((text) => !text.includes('\0') && text.isWellFormed()),
      'a text that cannot be stored',
    )
    return true
  },
}
