import fc from 'fast-check'
import { parse, stringify } from 'yaml'
import { asJson, duration, host, mapping, path, spoilt, word } from '../grammar.ts'
import { type Parser } from '../parser.ts'
import { detailedTargets, everyTargetKey } from './seeds.ts'
import { readSecretFile } from '../../../src/settings/secrets.ts'
import { fixtures } from './importing.ts'
import { readTargets, shipped } from './reading.ts'

const expectation = mapping({
  status: fc.constantFrom(200, '2xx', [200, '3xx']),
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

const targetList = fc.uniqueArray(target, { maxLength: 4, selector: ({ name }) => name })

const documents = [...detailedTargets, ...everyTargetKey].map((text): unknown =>
  parse(text, { merge: true, maxAliasCount: 1000 }),
)
const words = [
  ...['https://u:p@a.example/x?y=1#z', 'https://a.example/', 'website', 'home', 'targets', 'labels', 'no'],
  ...[
    '${X}',
    '${NAME:-5s}',
    '$${X}',
    '${file:x}',
    '${1}',
    '40m',
    '1ms',
    'y'.repeat(70),
    'depends_on',
    'url',
    'tcp',
  ],
  ...[
    'channels',
    'routes',
    'notify',
    '${file:.}',
    '${file:metrist.yml}',
    'mail',
    'alert_quorum',
    'recover_after',
    'retry',
    '2026-12-01T22:00',
  ],
  ...[{ labels: {} }, { notify: ['mial'] }, { http_sd: 'x' }, [[]], null, null],
  ...[{ targets: ['https://a.example'] }, [1, 'https://a.example'], { name: 'other' }, [{}], 1e21],
]

/** Where YAML itself is odd. */
const oddYaml = [
  'a: &a [1]\nb: { <<: *a }\n? [x]\n: 1\nc: *none\nd: &d [*d]\n',
  'base: &base { url: https://a.example }\nmore: &more { interval: 1m }\ntargets:\n- { <<: [*base, *more], name: a }\n',
  `x-deep: ${'['.repeat(110)}${']'.repeat(110)}\n`,
  `x-a: &a [1,2,3,4,5,6,7,8,9]\n${'bcdefgh'
    .split('')
    .map((name, index) => `x-${name}: &${name} [${`*${'abcdefg'[index]},`.repeat(9)}]\n`)
    .join('')}`,
  'targets:\n  # one\n  - name: a\n    url: https://a.example\n\n  - https://b.example\nmodules:\n  x: {}\n',
  'targets:\n- name: a\n  url: https://a.example\n  expect: { max_latency: 1 }\n- wrong: 1\n',
  'targets: 12345678901234567890\nmodules_from: none.yml\ndefaults: { timeout: 12345678901234567890 }\n',
  `targets:\n${'abcdefghijkl'
    .split('')
    .map(
      (name, index) => `- { name: ${name}, url: https://a.example, depends_on: ${'bcdefghijkla'[index]} }\n`,
    )
    .join('')}`,
  '{"targets":[{"name":"a","url":"https://a.example","name":"b"}]}',
  '{"targets":[{"name":"a","url":"https://a.example","timeout":12345678901234567890}]}',
  'targets:\n- {name: a, url: https://a.example, tcp: "a:1"}\n- https://u:p@a.example\n- https://a.example/?x\n- {name: b, url: https://b.example, notify: [log, mial]}\n- {name: c, url: https://c.example, notify: mial, headers: {a: "${file:.}"}}\n',
  'targets:\n- { name: a, url: "https://a.example/x$${X}y", labels: { team: "a$${X}b${X:-}", vendor: "${EMPTY:-}${X:-z}" }, depends_on: [none, b] }\n- { name: b, url: https://b.example, depends_on: [a], interval: 1s, timeout: 5s }\n',
  'modules: { x: { url: https://a.example, interval: 1ms } }\ntargets:\n- { name: a, module: x }\n- { name: b, module: none }\n- { module: x }\n- name: c\n',
  'vendors: { a: { labels: 1 } }\nprobe: { allow: 1 }\ndefaults: 5\ntargets: { a: 1 }\n',
  `x-deep: ${'{a: '.repeat(70)}1${'}'.repeat(70)}\nx-more: &a {a: 1}\nx-most: { <<: [*a, 1] }\n? {a: 1}\n: 2\n`,
]

/** As people write it, in blocks, with the list of targets at the end. */
const asYaml = (document: unknown): string => stringify(document, { aliasDuplicateObjects: false })

export const targets: Parser = {
  name: 'targets',
  seeds: [shipped('config/targets.yml'), ...detailedTargets, ...everyTargetKey, ...oddYaml],
  grammar: fc
    .oneof(
      { arbitrary: targetList.map((targets) => ({ targets })), weight: 2 },
      { arbitrary: spoilt(fc.constantFrom<unknown>(...documents), words), weight: 3 },
      fc.array(host, { maxLength: 3 }).map((hosts) => ({ targets: hosts.map((name) => `https://${name}/`) })),
    )
    .chain((document) =>
      fc.oneof(
        { arbitrary: fc.constantFrom(asJson(document), asYaml(document)), weight: 12 },
        fc.constantFrom(...oddYaml),
      ),
    ),
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
  parse: (input) =>
    readTargets('targets.yml', input, {
      directory: fixtures,
      readSecret: readSecretFile,
      channels: ['log', 'mail'],
      origins: input.length % 2 === 0,
    }),
}
