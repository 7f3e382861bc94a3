import fc from 'fast-check'
import { metristImporter } from '../../../src/foreign/metrist/import.ts'
import { asJson, mapping, word } from '../grammar.ts'
import { type Parser } from '../parser.ts'
import { fixture, imported, inFolder } from './importing.ts'

export const metrist: Parser = {
  name: 'metrist',
  seeds: [fixture('metrist.yml')],
  grammar: fc
    .dictionary(
      word,
      mapping({
        method: fc.constantFrom('any', 'GET', 'POST|PUT'),
        host: fc.constantFrom('any', '^a\\.example$', 'https?://b.example:443', '[a-z]+\\.example'),
        url: fc.constantFrom('any', '/v1', '/x\\?y', '[?]'),
      }),
      { minKeys: 1, maxKeys: 4 },
    )
    .map((patterns) => asJson({ patterns })),
  tokens: [
    'patterns:',
    'method: ',
    'host: ',
    'url: ',
    'any',
    '(?=',
    '(?<',
    '\\1',
    '[',
    '^',
    '$',
    '.*',
    '{2,1}',
    '\n    ',
  ],
  sources: inFolder('metrist', ['pattern', 'import']),
  parse: imported(metristImporter, 'metrist.yml'),
}
