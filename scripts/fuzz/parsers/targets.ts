import fc from 'fast-check'
import { asJson, duration, host, mapping, path, word } from '../grammar.ts'
import { type Parser } from '../parser.ts'
import { detailedTargets } from './seeds.ts'
import { readTargets, shipped } from './reading.ts'

const expectation = mapping({
  status: fc.constantFrom(200, '2xx', [200, '3xx'], 'any'),
  max_latency: duration,
  max_error_rate: fc.constantFrom('1%', 0.5, 'off'),
  json: fc.dictionary(fc.constantFrom('$.a', '$.items[0].b', "$['x y']"), fc.constantFrom(1, 'paid', true), {
    maxKeys: 2,
  }),
  body: mapping({ contains: word, not_matches: word }),
})

const target = mapping(
  {
    name: word,
    url: fc
      .tuple(fc.constantFrom('http', 'https'), host, path)
      .map(([scheme, name, rest]) => `${scheme}://${name}${rest}`),
    method: fc.constantFrom('GET', 'POST'),
    alert_after: fc.constantFrom(3, '5m', 'off'),
    severity: fc.constantFrom('critical', 'warning'),
    headers: fc.dictionary(fc.constantFrom('Accept', 'X-Test'), word, { maxKeys: 2 }),
    labels: fc.dictionary(fc.constantFrom('team', 'vendor'), word, { maxKeys: 2 }),
    expect: expectation,
    auth: fc.constantFrom({ bearer: '${X}' }, { basic: { username: 'a', password: 'b' } }),
  },
  ['name', 'url'],
)

export const targets: Parser = {
  name: 'targets',
  seeds: [shipped('config/targets.yml'), ...detailedTargets],
  grammar: fc
    .uniqueArray(target, { maxLength: 4, selector: ({ name }) => name })
    .map((list) => asJson({ targets: list })),
  tokens: [
    ...[
      'targets:',
      'defaults:',
      'modules:',
      'vendors:',
      'probe:',
      'name: ',
      'url: ',
      'expect: ',
      'labels: ',
      'steps: ',
      'depends_on: ',
    ],
    ...[
      '\n  - ',
      '\n    ',
      ': ',
      ', ',
      '&a ',
      '*a',
      '<<: ',
      '!!str ',
      '| ',
      '> ',
      '# ',
      '---\n',
      '? ',
      '{ ',
      ' }',
      '[ ',
      ' ]',
    ],
    ...[
      '30s',
      '5%',
      '1MiB',
      'off',
      '${NAME}',
      '${file:x}',
      'https://a.example',
      'tcp: a:1',
      'dns: a',
      'calls: ',
    ],
  ],
  sources: [
    ...[
      'settings/yaml/yaml.ts',
      'settings/yaml/depth.ts',
      'settings/yaml/pieces.ts',
      'settings/yaml/json.ts',
    ],
    ...['config/document/document.ts', 'config/document/parts.ts', 'config/load/resolve.ts'],
    ...['config/target/depends-on.ts', 'settings/secrets.ts', 'settings/issues.ts'],
  ].map((file) => `src/${file}`),
  parse: (input) => readTargets('targets.yml', input),
}
