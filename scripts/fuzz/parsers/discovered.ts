import fc from 'fast-check'
import { parseConfig } from '../../../src/config/load/load.ts'
import { readGroups } from '../../../src/config/discovery/groups.ts'
import { messageOf } from '../../../src/lib/errors.ts'
import { asJson, host, spoilt, word } from '../grammar.ts'
import { hasFixedHost, hasPlaceholder } from '../../../src/config/discovery/template.ts'
import { expectThat, expectWords, type Parser } from '../parser.ts'
import { sourcesOf } from './reading.ts'

const secret = 'sesame-open-1'

/** A configuration that uses labels wherever a template may have them. */
const text = JSON.stringify({
  defaults: { interval: '${EVERY}' },
  targets: [{ name: 'gateway', url: 'https://gateway.example.com' }],
  modules: { slow: { timeout: '20s' } },
  targets_from: [
    {
      http_sd: 'https://inventory.example.com',
      limit: 6,
      allow_networks: ['10.0.0.0/8'],
      template: {
        name: '{name:-no name} {__address__}',
        url: 'https://{__address__}/{path:-}',
        headers: { 'X-Key': '${SECRET}', 'X-Path': '{path:-none}' },
        timeout: '{timeout:-5s}',
        labels: { team: '{team:-nobody}' },
        depends_on: '{parent:-gateway}',
        expect: { status: [200, '{status:-3xx}'], body: { matches: '{matches:-.*}' } },
      },
    },
    {
      http_sd: 'https://other.example.com',
      template: {
        name: '{team} {__address__}',
        module: 'slow',
        tcp: '{__address__}',
        interval: '{interval:-1m}',
      },
    },
  ],
})

const labels = fc.dictionary(
  fc.constantFrom('name', 'path', 'timeout', 'team', 'parent', 'matches', 'status', 'interval'),
  fc.oneof(
    word,
    fc.constantFrom(
      '1s',
      '1h',
      '29s',
      '15s',
      'gateway',
      'a.*',
      '${SECRET}',
      '{name}',
      '',
      'x'.repeat(1025),
      '200',
    ),
  ),
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
  grammar: spoilt(
    fc.array(
      fc.record(
        { targets: fc.array(host, { maxLength: 4 }), labels: fc.option(labels) },
        { requiredKeys: ['targets'] },
      ),
      { maxLength: 4 },
    ),
    ['targets', 'labels', 'a.example:1'],
  ).map(asJson),
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
      found: ({ template }) => (listed.length % 3 === 2 && 'tcp' in template ? undefined : listed),
    })
    for (const { targets: made, skipped, problems, source, asked } of config.discovered ?? []) {
      expectThat(made + skipped === (asked ? found.length : 0), 'something is neither a target nor skipped')
      for (const problem of problems) expectWords(problem)
      expectThat(!hasFixedHost(source.template) && hasPlaceholder(source.template), 'its host is fixed')
    }
    for (const { name, instance, labels: own } of config.targets)
      expectThat(!JSON.stringify([name, instance, own]).includes(secret), 'a label has read a secret')
    return true
  },
}
