import fc from 'fast-check'
import { parse } from 'yaml'
import { gatusImporter } from '../../../src/foreign/gatus/import.ts'
import { asJson, duration, host, mapping, spoilt, word } from '../grammar.ts'
import { type Parser } from '../parser.ts'
import { fixture, imported, inFolder, onePerDocument } from './importing.ts'

const condition = fc.oneof(
  fc.integer({ min: 100, max: 599 }).map((code) => `[STATUS] == ${code}`),
  fc.constantFrom(
    '[STATUS] == any(200, 429)',
    '[RESPONSE_TIME] < 500',
    '[BODY].status == UP',
    '[BODY].user.name == pat(john*)',
    'len([BODY].data) < 5',
    'has([BODY].errors) == false',
    '[CERTIFICATE_EXPIRATION] > 48h',
    '[CONNECTED] == true',
    '[IP] == 127.0.0.1',
    '[DNS_RCODE] == NOERROR',
    '[BODY] != pat(*down*)',
  ),
)

/** What the fixture has not. */
const moreEndpoints = [
  {
    name: 'more',
    url: 'https://a.example',
    'maintenance-windows': [],
    conditions: [
      ...[
        '[STATUS] == pat(2*)',
        '[STATUS] != any(404, pat(5*))',
        '[BODY].a == any(1, 2)',
        '[BODY].b != any(1, x)',
      ],
      ...[
        'len([BODY].c) == any(1, 2)',
        '[BODY] < 3',
        '[BODY].d < x',
        '[BODY].e < 3',
        '[BODY].f-g != 1',
        '[BODY].f-g != 2',
      ],
      ...[
        '[BODY].h == any(pat(a*), b)',
        'len([BODY].i) == x',
        '[BODY].a != pat(x*)',
        '[BODY].j == pat(x*)',
        '[CONNECTED] == false',
      ],
    ],
    client: { tls: { 'certificate-file': 'a.pem', 'private-key-file': 'b.pem' }, timeout: 'x' },
    headers: { A: '$${B}', C: '$D' },
  },
  {
    name: 'tcp',
    url: 'tcp://a.example:1',
    conditions: ['[BODY] == pat(*a*)', '[BODY] == a'],
    client: { 'proxy-url': 'http://b.example:1' },
  },
  {
    name: 'dns',
    url: '192.0.2.53',
    dns: { 'query-name': 'a.example', 'query-type': 'MX' },
    conditions: ['[DNS_RCODE] == any(NOERROR, NXDOMAIN)'],
  },
  { name: 'socket', url: 'wss://a.example', conditions: ['[STATUS] == 101', '[BODY] != pat(*a*)'] },
]
const gatusDocuments = [
  ...onePerDocument(parse(fixture('gatus.yaml')), ['endpoints', 'external-endpoints']),
  ...moreEndpoints.map((endpoint) => ({ endpoints: [endpoint] })),
  { 'external-endpoints': [{ heartbeat: { interval: '1h' }, enabled: false }, { name: 'x' }] },
]
const gatusWords = [
  ...[
    '[STATUS] == pat(2*)',
    '[STATUS] != any(404, pat(5*))',
    '[STATUS] < 100',
    '[BODY].a == any(1, 2)',
    'len([BODY]) == any(1, 2)',
  ],
  ...[
    '[BODY] < 3',
    '[BODY].a < 3',
    '[BODY].a < x',
    '[BODY].a-b != 1',
    '[BODY].a != any(1, x)',
    '[BODY].a == pat(x*)',
    'has([BODY].a) == 1',
  ],
  ...[
    '[CONNECTED] == false',
    '[CERTIFICATE_EXPIRATION] < 1h',
    '[DNS_RCODE] == any(NOERROR, NXDOMAIN)',
    '[RESPONSE_TIME] < 5s',
    '[RESPONSE_TIME] > 1',
  ],
  ...[
    `[STATUS] == pat(${'*'.repeat(3000)}x)`,
    '200 != [STATUS]',
    '[STATUS] == [BODY]',
    'udp://a.example:1',
    'ws://a.example',
    'ssh://a.example',
    '$$',
    '$A ${B}',
    '${',
    'false',
    '5s',
    '1',
    '0',
  ],
  ...[
    ['[STATUS] > 199', '[STATUS] <= 299'],
    ['[BODY].a != 1', '[BODY].a != 2'],
    [{ type: 'slack', enabled: false }],
    [{ 'failure-threshold': 2 }],
  ],
  ...[
    { interval: '5m' },
    { network: 'ip4', tunnel: 'a' },
    { tls: { 'certificate-file': 'a', 'private-key-file': 'b' } },
  ],
]

export const gatus: Parser = {
  name: 'gatus',
  seeds: [fixture('gatus.yaml')],
  grammar: fc.oneof(
    spoilt(fc.constantFrom<unknown>(...gatusDocuments), gatusWords).map(asJson),
    fc
      .array(
        mapping(
          {
            name: word,
            group: word,
            url: host.map((name) => `https://${name}/health`),
            interval: duration,
            method: fc.constantFrom('GET', 'POST'),
            headers: fc.dictionary(word, word, { maxKeys: 2 }),
            conditions: fc.array(condition, { minLength: 1, maxLength: 4 }),
          },
          ['name', 'url', 'conditions'],
        ),
        { minLength: 1, maxLength: 3 },
      )
      .map((endpoints) => asJson({ endpoints })),
  ),
  tokens: [
    'endpoints:',
    'external-endpoints:',
    'conditions: ',
    '[STATUS]',
    '[BODY]',
    '[RESPONSE_TIME]',
    'pat(',
    'any(',
    'len(',
    'has(',
    ')',
    '==',
    '!=',
    '<=',
    '>',
    'tcp://',
    'icmp://',
    'dns: ',
    'ssh://',
    'starttls://',
    'client: ',
    'alerts: ',
    '$X',
    '${X}',
    '\n    ',
  ],
  sources: inFolder('gatus', [
    'condition',
    'conditions',
    'status',
    'glob',
    'endpoint',
    'external',
    'client',
    'alerts',
    'variables',
    'document',
  ]),
  parse: imported(gatusImporter, 'config.yaml'),
}
