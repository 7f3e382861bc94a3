import fc from 'fast-check'
import { parseGoDuration } from '../../../src/foreign/minitor/go-duration.ts'
import { compilePattern } from '../../../src/calls/pattern.ts'
import { defaultRepeat, formatRepeat, parseRepeat, repeat } from '../../../src/config/notify/repeat.ts'
import { parseNetwork, inNetworks, readNetwork } from '../../../src/settings/values/network.ts'
import { formatDuration, parseDuration } from '../../../src/settings/values/duration.ts'
import { memoize } from '../../../src/settings/values/memo.ts'
import { complement, formatRatio, parseRatio } from '../../../src/settings/values/ratio.ts'
import {
  alertAfter,
  alertQuorum,
  recoverAfter,
  days,
  durationUpTo,
  flag,
  latency,
  link,
  ratio,
  ratioOrOff,
  readAnchoredPattern,
  readPattern,
  size,
  word as oneOfWords,
} from '../../../src/settings/values/scalars.ts'
import { formatSize, parseSize } from '../../../src/settings/values/size.ts'
import {
  asText,
  KeyError,
  keys,
  mapping,
  oneOrMany,
  value,
  ValueError,
} from '../../../src/settings/values/value.ts'
import { exactOf } from '../../../src/lib/text/decimal.ts'
import { asJson, duration, joined, spoilt, word } from '../grammar.ts'
import { expectThat, expectWords, refusable, type Parser } from '../parser.ts'

const network = value(readNetwork, { type: 'string' })
const byName = mapping(
  (name) => {
    if (!/^[a-z]+$/.test(name)) throw new KeyError('is not a valid name')
  },
  value(asText, { type: 'string' }),
)
const few = keys({
  after: alertAfter.optional(),
  quorum: alertQuorum.optional(),
  recover: recoverAfter.optional(),
})
const one = keys({ only: flag.optional() })
const many = keys(
  {
    ...Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => [key, latency.optional()])),
    list: oneOrMany(readNetwork, { type: 'string' }).optional(),
    names: byName.optional(),
    few: few.optional(),
    one: one.optional(),
  },
  { few: ['after', 'quorum'] },
)
const schemas = [
  ...[
    alertAfter,
    alertQuorum,
    recoverAfter,
    latency,
    ratio,
    ratioOrOff(1),
    days,
    size,
    link,
    flag,
    repeat,
    network,
  ],
  ...[oneOfWords(['critical', 'warning', 'info']), durationUpTo(600, '10m'), many],
]
/** Few, so that it forgets. */
const remembered = memoize(parseDuration, 20)

const settings = fc.record(
  {
    a: duration,
    list: fc.array(fc.ipV4(), { minLength: 1, maxLength: 3 }),
    names: fc.dictionary(fc.constantFrom('team', 'vendor'), word),
    few: fc.record({ after: fc.constantFrom(3, '15m', 'off'), quorum: fc.integer({ min: 1, max: 100 }) }),
    one: fc.record({ only: fc.boolean() }),
  },
  { requiredKeys: [] },
)
const wrongKeys = ['quorm', 'after', 'quorum', 'lst', 'x', 'aa']

/** Durations, sizes, shares, counts, networks and patterns; JSON stands for values that are not text. */
export const scalars: Parser = {
  name: 'scalars',
  seeds: [
    '30s',
    '1h30m',
    '500ms',
    '1y2w3d',
    '5%',
    '0.01',
    '1MiB',
    '200kB',
    '3',
    'off',
    '10.0.0.0/8',
    'fd00::/8',
    '1m30.5s',
    '1.5h',
    'exponential',
    'once',
    'https://wiki.example/{x}',
    '30d',
    '0.1%',
    '0s',
    '8192y',
    '2d13h',
    'true',
    '"true"',
    'warning',
    '101',
    '700s',
  ],
  grammar: fc.oneof(
    spoilt(settings, wrongKeys).map(asJson),
    fc.oneof(fc.integer({ min: -2, max: 200 }), fc.double(), fc.boolean()).map(asJson),
    fc.constantFrom('::1', '5.5%', '0.25', 'critical', 'false', 'null', '[]'),
    duration,
    fc
      .integer({ min: 1, max: 4000 })
      .chain((count) =>
        fc.constantFrom('B', 'kB', 'MiB', 'GiB', '%', 'ms', '').map((unit) => `${count}${unit}`),
      ),
    fc.ipV4().map((address) => `${address}/24`),
    word,
  ),
  tokens: [
    's',
    'ms',
    'm',
    'h',
    'd',
    'w',
    'y',
    '%',
    'kB',
    'MiB',
    '.',
    '-',
    '+',
    'e',
    'us',
    'µs',
    '/',
    '::',
    'off',
    '(?i)',
    '(',
    ')',
    '[a-',
    '{2,1}',
    '\\',
  ],
  sources: ['duration', 'size', 'ratio', 'network', 'scalars', 'value', 'memo']
    .map((file) => `src/settings/values/${file}.ts`)
    .concat('src/foreign/minitor/go-duration.ts', 'src/config/notify/repeat.ts'),
  parse: (input) => {
    const text = input.toString()
    const seconds = remembered(text)
    expectThat(formatDuration(-1) === '0s', 'a duration below zero')
    if (seconds !== undefined)
      expectThat(
        parseDuration(formatDuration(seconds)) === seconds,
        `${text} is written as ${formatDuration(seconds)}`,
      )
    const bytes = parseSize(text)
    if (bytes !== undefined)
      expectThat(parseSize(formatSize(bytes)) === bytes, `${text} is written as ${formatSize(bytes)}`)
    const share = parseRatio(text)
    if (share !== undefined) {
      expectThat(share >= 0 && share <= 1, `a share of ${share}`)
      expectThat(parseRatio(formatRatio(complement(share))) !== undefined, `${text} has no complement`)
    }
    const go = parseGoDuration(text)
    if (go !== undefined) expectThat(!Number.isNaN(go), 'a duration that is not a number')
    const network = parseNetwork(text)
    if (network !== undefined) inNetworks([network])('192.0.2.1')
    const often = parseRepeat(text)
    if (often !== undefined)
      expectThat(
        formatRepeat(parseRepeat(formatRepeat(often)) ?? defaultRepeat(text)) === formatRepeat(often),
        `${text} is written as ${formatRepeat(often)}`,
      )
    const known = [seconds, bytes, share, go, network, often].some((found) => found !== undefined)
    const values = [text, valueOf(text)]
    const taken = schemas.map((schema) =>
      values.map((each) => {
        const { success, data, error } = schema.safeParse(each)
        for (const { message, path } of error?.issues ?? []) {
          expectWords(message)
          expectThat(
            path.every((step) => typeof step !== 'symbol'),
            'a place that cannot be found',
          )
        }
        if (schema === latency && success) formatDuration(Number(data))
        return success
      }),
    )
    return known || taken.flat().includes(true)
  },
}

/** What a file may hold in place of text. */
function valueOf(text: string): unknown {
  if (/^\d+$/.test(text)) return exactOf(Number(text), text)
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Regular expressions of RE2. */
export const patterns: Parser = {
  name: 'patterns',
  seeds: [
    '^application/json',
    '(?i)maintenance',
    'csrf="(\\w+)"',
    '[^a-z]{2,5}$',
    '^api$',
    'api.shop',
    '\\pL+',
    '(?P<n>x)|y*?',
  ],
  grammar: fc.oneof(
    joined(
      fc.constantFrom(
        ...['a', '.', '[a-z]', '(x|y)', '\\d', '^', '$', '*', '+?', '{1,3}', '(?i)', '\\b', '(?:z)'],
      ),
      '',
      6,
    ),
    // What hosts and paths look like, which are compared by other means.
    fc
      .tuple(
        fc.constantFrom('', '^'),
        joined(fc.constantFrom('api', 'shop', '\\.', '.', '/v1', '\\/', '-', ':'), '', 4),
        fc.constantFrom('', '$'),
      )
      .map((parts) => parts.join('')),
  ),
  tokens: [
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '*',
    '+',
    '?',
    '|',
    '\\',
    '^',
    '$',
    '(?=',
    '(?<',
    '\\1',
    '{1000}',
    '{1,}',
    '\\p{Greek}',
    '[[:alpha:]]',
    '\\Q',
  ],
  sources: ['src/settings/values/pattern.ts', 'src/calls/pattern.ts'],
  parse: (input) =>
    refusable(() => {
      const source = input.toString()
      const pattern = readPattern(source)
      const test = compilePattern(pattern)
      for (const text of [
        'an example of maintenance 42',
        'api.shop.example',
        '/v1\n',
        '',
        source.slice(0, 200),
      ])
        expectThat(
          test(text) === pattern.regex.matcher(text).find(),
          `it finds ${asJson(source)} in ${asJson(text)} in one way only`,
        )
      readAnchoredPattern(source)
    }, ValueError),
}
