import fc from 'fast-check'
import { gatusImporter } from '../../../src/foreign/gatus/import.ts'
import { metristImporter } from '../../../src/foreign/metrist/import.ts'
import { uptimeKumaImporter } from '../../../src/foreign/uptime-kuma/import.ts'
import { asJson, duration, host, mapping, word } from '../grammar.ts'
import { type Parser } from '../parser.ts'
import { fixture, imported, inFolder } from './importing.ts'

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

export const gatus: Parser = {
  name: 'gatus',
  seeds: [fixture('gatus.yaml')],
  grammar: fc
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
    'subject',
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

export const uptimeKuma: Parser = {
  name: 'uptime-kuma',
  seeds: [fixture('uptime-kuma.json')],
  grammar: fc
    .array(
      mapping(
        {
          id: fc.nat(9),
          name: word,
          type: fc.constantFrom(
            'http',
            'keyword',
            'port',
            'ping',
            'dns',
            'push',
            'json-query',
            'grpc-keyword',
            'docker',
            'mqtt',
          ),
          url: host.map((name) => `https://${name}`),
          hostname: host,
          port: fc.integer({ min: 1, max: 65535 }),
          interval: fc.integer({ min: 20, max: 3600 }),
          timeout: fc.integer({ min: 1, max: 48 }),
          maxretries: fc.nat(5),
          active: fc.boolean(),
          accepted_statuscodes: fc.constantFrom(['200-299'], ['200', '301']),
          keyword: word,
          ignoreTls: fc.boolean(),
        },
        ['id', 'name', 'type', 'url', 'hostname', 'port', 'interval'],
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map((monitorList) => asJson({ version: '1.23.0', monitorList })),
  tokens: [
    '"monitorList":',
    '"type":',
    '"http"',
    '"port"',
    '"dns"',
    '"push"',
    '"group"',
    '"parent":',
    '"proxyId":',
    '"basic_auth_user":',
    '"headers":',
    '"jsonPath":',
    '"accepted_statuscodes":',
    '"200-299"',
    '{',
    '}',
    '[',
    ']',
    ',',
    'null',
    'true',
  ],
  sources: inFolder('uptime-kuma', ['import', 'monitor', 'request', 'types', 'surroundings']),
  parse: imported(uptimeKumaImporter, 'backup.json'),
}
