import fc from 'fast-check'
import { parseGoDuration } from '../../../src/foreign/minitor/go-duration.ts'
import { parseRepeat } from '../../../src/config/notify/repeat.ts'
import { parseNetwork, inNetworks } from '../../../src/settings/values/network.ts'
import { formatDuration, parseDuration } from '../../../src/settings/values/duration.ts'
import { parseRatio } from '../../../src/settings/values/ratio.ts'
import {
  alertAfter,
  days,
  latency,
  link,
  ratio,
  readPattern,
  size,
} from '../../../src/settings/values/scalars.ts'
import { formatSize, parseSize } from '../../../src/settings/values/size.ts'
import { ValueError } from '../../../src/settings/values/value.ts'
import { duration, joined, word } from '../grammar.ts'
import { expectThat, refusable, type Parser } from '../parser.ts'

const schemas = [alertAfter, latency, ratio, days, size, link]

/** Durations, sizes, shares, counts, networks and patterns. */
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
  ],
  grammar: fc.oneof(
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
    const seconds = parseDuration(text)
    if (seconds !== undefined)
      expectThat(
        parseDuration(formatDuration(seconds)) === seconds,
        `${text} is written as ${formatDuration(seconds)}`,
      )
    const bytes = parseSize(text)
    if (bytes !== undefined)
      expectThat(parseSize(formatSize(bytes)) === bytes, `${text} is written as ${formatSize(bytes)}`)
    const share = parseRatio(text)
    if (share !== undefined) expectThat(share >= 0 && share <= 1, `a share of ${share}`)
    const go = parseGoDuration(text)
    if (go !== undefined) expectThat(!Number.isNaN(go), 'a duration that is not a number')
    const network = parseNetwork(text)
    if (network !== undefined) inNetworks([network])('192.0.2.1')
    const known = [seconds, bytes, share, go, network, parseRepeat(text)].some((one) => one !== undefined)
    const taken = schemas.map((schema) => {
      const { success, error } = schema.safeParse(text)
      for (const issue of error?.issues ?? []) expectThat(issue.message !== '', 'the message is empty')
      return success
    })
    for (const schema of schemas) schema.safeParse(Number(text))
    return known || taken.includes(true)
  },
}

/** Regular expressions of RE2. */
export const patterns: Parser = {
  name: 'patterns',
  seeds: ['^application/json', '(?i)maintenance', 'csrf="(\\w+)"', '[^a-z]{2,5}$', '\\pL+', '(?P<n>x)|y*?'],
  grammar: joined(
    fc.constantFrom('a', '.', '[a-z]', '(x|y)', '\\d', '^', '$', '*', '+?', '{1,3}', '(?i)', '\\b', '(?:z)'),
    '',
    6,
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
  sources: ['src/settings/values/pattern.ts'],
  parse: (input) =>
    refusable(
      () => readPattern(input.toString()).regex.matcher('an example of maintenance 42').find(),
      ValueError,
    ),
}
