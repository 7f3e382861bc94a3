import fc from 'fast-check'
import { parseExpectations } from '../../../src/config/expectations/parse.ts'
import { word } from '../grammar.ts'
import { expectThat, expectWords, type Parser } from '../parser.ts'
import { mintaroFile } from './seeds.ts'
import { readTargets } from './reading.ts'

/** What a person may mean, but must not write. */
const wrong = [
  ...['notify = log,', 'missing = of', 'max_latency = 5', 'max_error_rate = 0.5', 'max_error_rate = 5'],
  ...['severity = criticl', 'notify = log, mail', 'latency=3s', 'latency = 0.3 s'],
]

const method = fc
  .tuple(
    fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.')),
    fc.constantFrom('', 'int a', 'string a, int b'),
    fc.subarray([
      'max_latency = 20ms',
      'max_error_rate = 1%',
      'severity = critical',
      'notify = log',
      'missing = on',
      'runbook = "https://wiki.example/a"',
    ]),
  )
  .chain(([name, parameters, settings]) =>
    fc
      .tuple(
        fc.constantFrom(...Array.from({ length: 9 }, () => ''), ': Charge', '\ufeff', '/* open'),
        fc.constantFrom(...Array.from({ length: 16 }, () => ''), ...wrong),
      )
      .map(
        ([type, more]) => `method ${name}(${parameters})${type} {\n  ${[...settings, more].join('\n  ')}\n}`,
      ),
  )

export const expectations: Parser = {
  name: 'expectations',
  seeds: [mintaroFile, `method ${'a'.repeat(300)} { latency = 1s }`, 'token = a/b method a { /* latency'],
  grammar: fc.array(method, { minLength: 1, maxLength: 4 }).map((all) => all.join('\n')),
  tokens: [
    'method ',
    'class ',
    '{',
    '}',
    '(',
    ')',
    '=',
    '%',
    'ms',
    's',
    'us',
    '//',
    '#',
    '/*',
    '*/',
    'token=',
    'latency',
    'max_error_rate',
    ',',
    '.',
    '"',
  ],
  sources: ['parse.ts', 'tokens.ts', 'settings.ts'].map((file) => `src/config/expectations/${file}`),
  parse: async (input) => {
    const { problems, notices } = parseExpectations(input.toString())
    for (const { line, column, message } of [...problems, ...notices]) {
      expectThat(line > 0 && column > 0, `no place: ${message}`)
      expectWords(message)
    }
    const loaded = await readTargets('calls.mm', input)
    expectThat(!loaded || problems.length === 0, 'it is loaded with problems')
    return problems.length === 0
  },
}
