import fc from 'fast-check'
import { blackboxImporter } from '../../../src/foreign/blackbox/import.ts'
import { asJson, duration, host, mapping, spoilt, word } from '../grammar.ts'
import { type Parser } from '../parser.ts'
import { detailedBlackbox } from './blackbox-seed.ts'
import { fixture, imported, inFolder, withTargets } from './importing.ts'

const blackboxModule = fc.oneof(
  mapping(
    {
      prober: fc.constant('http'),
      timeout: duration,
      http: mapping({
        method: fc.constantFrom('GET', 'POST'),
        valid_status_codes: fc.uniqueArray(fc.integer({ min: 200, max: 599 }), { maxLength: 3 }),
        valid_http_versions: fc.constant(['HTTP/1.1']),
        headers: fc.dictionary(word, word, { maxKeys: 2 }),
        follow_redirects: fc.boolean(),
        fail_if_body_matches_regexp: fc.array(word, { maxLength: 2 }),
        preferred_ip_protocol: fc.constantFrom('ip4', 'ip6'),
      }),
    },
    ['prober'],
  ),
  mapping(
    {
      prober: fc.constant('tcp'),
      tcp: mapping({
        tls: fc.boolean(),
        query_response: fc.array(mapping({ expect: word, send: word }), { maxLength: 3 }),
      }),
    },
    ['prober'],
  ),
  mapping(
    {
      prober: fc.constant('dns'),
      dns: mapping(
        {
          query_name: host,
          query_type: fc.constantFrom('A', 'MX', 'SOA'),
          valid_rcodes: fc.constant(['NOERROR']),
        },
        ['query_name'],
      ),
    },
    ['prober', 'dns'],
  ),
  fc.constant({ prober: 'icmp' }),
)

export const blackbox: Parser = {
  name: 'blackbox',
  seeds: [fixture('blackbox.yml'), detailedBlackbox],
  grammar: fc
    .dictionary(word, blackboxModule, { minKeys: 1, maxKeys: 4 })
    .map((modules) => asJson({ modules })),
  tokens: [
    'modules:',
    'prober: ',
    'http',
    'tcp',
    'dns',
    'icmp',
    'unix',
    'grpc',
    'tls_config: ',
    'query_response: ',
    'valid_status_codes: ',
    '\n    ',
    '{ ',
    ' }',
    '[ ',
    ' ]',
    'expect_bytes: ',
    '5s',
    '!!binary ',
  ],
  sources: inFolder('blackbox', ['read', 'module', 'http', 'dns', 'conversation', 'shared', 'probers']),
  parse: imported(blackboxImporter, 'blackbox.yml'),
}

/** Any of the actions of Prometheus, as often with what they need as without. */
const relabelRule = mapping(
  {
    action: fc.constantFrom(
      ...[
        'replace',
        'keep',
        'drop',
        'keepequal',
        'dropequal',
        'lowercase',
        'Uppercase',
        'labelmap',
        'labeldrop',
      ],
      ...['labelkeep', 'hashmod', '__proto__'],
    ),
    source_labels: fc.subarray(['__address__', 'job', 'team', 'nowhere']),
    separator: fc.constantFrom('', '/'),
    regex: fc.constantFrom('(.*)', 'https://(.*)', '(?P<name>.+)', 'team|job', '[', '.*', ''),
    target_label: fc.constantFrom('team', 'instance', '__param_target', '__param_module', '${1}', 'job'),
    replacement: fc.constantFrom('$1', '${name}', '$$', '$9', 'dns_soa', ''),
  },
  [],
)

const scrapeJob = mapping(
  {
    job_name: word,
    metrics_path: fc.constant('/probe'),
    params: fc.constantFrom({ module: ['http_2xx'] }, { module: ['dns_soa'] }),
    scrape_interval: duration,
    static_configs: fc.array(
      mapping(
        {
          targets: fc.array(
            host.map((name) => `https://${name}`),
            { maxLength: 3 },
          ),
          labels: fc.dictionary(word, word, { maxKeys: 2 }),
        },
        ['targets'],
      ),
      { maxLength: 2 },
    ),
    relabel_configs: fc
      .array(relabelRule, { maxLength: 3 })
      .map((rules) => [{ source_labels: ['__address__'], target_label: '__param_target' }, ...rules]),
    metric_relabel_configs: fc.constant([]),
  },
  ['metrics_path', 'static_configs', 'relabel_configs'],
)

export const prometheus: Parser = {
  name: 'prometheus',
  seeds: [fixture('prometheus.yml'), '- targets: [https://a.example, b.example]\n  labels: { team: web }\n'],
  grammar: spoilt(
    fc.array(scrapeJob, { minLength: 1, maxLength: 3 }).map((jobs) => ({ scrape_configs: jobs })),
  ).map(asJson),
  tokens: [
    'scrape_configs:',
    'job_name: ',
    'static_configs: ',
    'relabel_configs: ',
    'action: ',
    'replace',
    'keep',
    'drop',
    'hashmod',
    'labelmap',
    'labeldrop',
    'regex: ',
    '(.*)',
    '$1',
    '${1}',
    'separator: ',
    'modulus: ',
    'lowercase',
    '__address__',
    '__param_target',
    '__param_module',
    '\n    ',
  ],
  sources: inFolder('blackbox', ['targets', 'relabel']),
  parse: imported(blackboxImporter, 'prometheus.yml', withTargets),
}
