import fc from 'fast-check'
import { parseExpectations } from '../../../src/config/expectations/parse.ts'
import { word } from '../grammar.ts'
import { expectThat, expectWords, type Parser } from '../parser.ts'
import { mintaroFile } from './seeds.ts'
import { readTargets } from './reading.ts'

const method = fc
  .tuple(
    fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.')),
    fc.constantFrom('', 'int a', 'string a, int b'),
    fc.subarray([
      'max_latency = 20ms',
      'latency=3s',
      'max_error_rate = 1%',
      'severity = critical',
      'notify = log',
    ]),
  )
  .map(([name, parameters, settings]) => `method ${name}(${parameters}) {\n  ${settings.join('\n  ')}\n}`)

export const expectations: Parser = {
  name: 'expectations',
  seeds: [mintaroFile],
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
