import fc from 'fast-check'
import { parseConfig } from '../../../src/config/load/load.ts'
import { readGroups } from '../../../src/config/discovery/groups.ts'
import { messageOf } from '../../../src/lib/errors.ts'
import { host, word } from '../grammar.ts'
import { expectThat, expectWords, type Parser } from '../parser.ts'
import { sourcesOf } from './reading.ts'

const secret = 'sesame-open-1'

/** A configuration that uses labels wherever a template may have them. */
const text = JSON.stringify({
  defaults: { interval: '${EVERY}' },
  targets: [{ name: 'gateway', url: 'https://gateway.example.com' }],
  targets_from: [
    {
      http_sd: 'https://inventory.example.com',
      template: {
        name: '{name:-no name} {__address__}',
        url: 'https://{__address__}/{path:-}',
        headers: { 'X-Key': '${SECRET}', 'X-Path': '{path:-none}' },
        timeout: '{timeout:-5s}',
        labels: { team: '{team:-nobody}' },
        depends_on: '{parent:-gateway}',
        expect: { body: { matches: '{matches:-.*}' } },
      },
    },
  ],
})

const labels = fc.dictionary(
  fc.constantFrom('name', 'path', 'timeout', 'team', 'parent', 'matches'),
  fc.oneof(word, fc.constantFrom('1s', '1h', 'gateway', 'a.*', '${SECRET}', '{name}', '')),
)

/** What an inventory answers, which others write: it must not make the configuration invalid, nor read a secret. */
export const discovered: Parser = {
  name: 'discovered',
  seeds: [
    '[]',
    JSON.stringify([
      { targets: ['a.example.com:443', 'b.example.com'], labels: { team: 'web', timeout: '2s' } },
    ]),
    JSON.stringify([{ targets: ['a.example.com'] }, { targets: [], labels: null }]),
  ],
  grammar: fc
    .array(fc.record({ targets: fc.array(host, { maxLength: 4 }), labels }), { maxLength: 4 })
    .map((groups) => JSON.stringify(groups)),
  tokens: [
    '"targets":',
    '"labels":',
    '${SECRET}',
    '{name}',
    '{{',
    '}}',
    '$',
    '"__address__":',
    '\\u0000',
    '\\ud800',
    '@',
    '/',
    '#',
  ],
  sources: [
    'src/config/discovery/groups.ts',
    'src/config/discovery/template.ts',
    'src/config/load/discovered.ts',
  ],
  parse(input) {
    let found
    try {
      found = readGroups(JSON.parse(input.toString('utf8')), {})
    } catch (error) {
      expectWords(messageOf(error))
      return false
    }
    const listed = found
    const config = parseConfig(sourcesOf('targets.yml', Buffer.from(text)), {
      env: { SECRET: secret, EVERY: '30s' },
      found: () => listed,
    })
    const [one] = config.discovered ?? []
    expectThat(
      one !== undefined && one.targets + one.skipped === found.length,
      'something is neither a target nor skipped',
    )
    for (const problem of one?.problems ?? []) expectWords(problem)
    for (const { name, instance, labels: own } of config.targets)
      expectThat(!JSON.stringify([name, instance, own]).includes(secret), 'a label has read a secret')
    return true
  },
}
