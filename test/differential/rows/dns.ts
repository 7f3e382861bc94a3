import { createCertificate } from '../../support/certificates.ts'
import {
  answerTo,
  askedFor,
  data,
  framed,
  startDnsServer,
  wireName,
  type DnsServer,
  type TestAnswer,
} from '../../support/servers/dns-server.ts'
import { authority } from '../suite.ts'
import type { Family, Files, Row } from '../row.ts'

export interface DnsServers {
  readonly plain: DnsServer
  readonly secure: DnsServer
}

const certificate = createCertificate({ name: 'resolver', ip: ['127.0.0.1'], issuer: authority })

const a = (address: string) => ({ type: 1, data: data.a(address) })
const ns = (name: string) => ({ type: 2, data: wireName(name) })

/** What is known of each name. */
const zone: Readonly<Record<string, TestAnswer>> = {
  'shop.example': { answer: [a('192.0.2.1'), a('192.0.2.2')] },
  'mail.example': {
    answer: [
      { type: 15, data: data.mx(10, 'mx1.example') },
      { type: 15, data: data.mx(20, 'mx2.example') },
    ],
    additional: [{ name: 'mx1.example', ...a('192.0.2.25') }],
  },
  'text.example': { answer: [{ type: 16, data: data.txt('v=spf1 -all', 'a "quoted" part') }] },
  'zone.example': { answer: [{ type: 6, data: data.soa(2_026_112_001) }] },
  'alias.example': {
    answer: [
      { type: 5, data: wireName('shop.example') },
      { name: 'shop.example', ...a('192.0.2.1') },
    ],
  },
  'below.example': {
    authority: [ns('ns1.example'), ns('ns2.example')],
    additional: [{ name: 'ns1.example', ...a('192.0.2.53') }],
  },
  'empty.example': {},
  'truncated.example': { answer: [a('192.0.2.1')] },
  'gone.example': { rcode: 3 },
  'broken.example': { rcode: 2 },
  'refused.example': { rcode: 5 },
}

const respond = (query: Buffer): Buffer => answerTo(query, zone[askedFor(query).name] ?? { rcode: 3 })

/** Names that are treated otherwise over UDP. */
const overUdp: Readonly<Record<string, (query: Buffer) => Buffer[]>> = {
  'silent.example': () => [],
  'truncated.example': (query) => [answerTo(query, { truncated: true })],
  'spoofed.example': (query) => {
    const other = Buffer.from(query)
    other.writeUInt16BE((query.readUInt16BE() + 1) & 0xffff)
    return [answerTo(other, { rcode: 3 }), answerTo(query, { answer: [a('192.0.2.1')] })]
  },
  'garbage.example': () => [Buffer.from('this is no answer')],
}

const dns = (query_name: string, more: object = {}, timeout?: string): object => ({
  prober: 'dns',
  ...(timeout !== undefined && { timeout }),
  dns: { query_name, query_type: 'A', ...more },
})

const row = (
  name: string,
  module: Row<DnsServers>['module'],
  more: Partial<Row<DnsServers>> = {},
): Row<DnsServers> => ({
  name,
  module,
  target: ({ plain }) => plain.address,
  ...more,
})

const rules = (name: string, section: string, rule: string, ...patterns: string[]): object =>
  dns(name, { [`validate_${section}_rrs`]: { [rule]: patterns } })

const overTls =
  (more: object = {}) =>
  ({ ca }: Files): object =>
    dns('shop.example', {
      transport_protocol: 'tcp',
      dns_over_tls: true,
      tls_config: { ca_file: ca, ...more },
    })

/** A client that asks over TLS sees a certificate. */
const shown = { differs: { dnsCertificates: ['probe_ssl_', 'probe_tls_'] } } as const

const rows: Row<DnsServers>[] = [
  row('an address', dns('shop.example')),
  row('a name with a dot at its end', dns('shop.example.')),
  row('without recursion', dns('shop.example', { recursion_desired: false })),
  row('over TCP', dns('shop.example', { transport_protocol: 'tcp' })),
  row('MX', dns('mail.example', { query_type: 'MX' })),
  row('TXT', dns('text.example', { query_type: 'TXT' })),
  row('SOA', dns('zone.example', { query_type: 'SOA' })),
  row('SOA of what has none', dns('empty.example', { query_type: 'SOA' })),
  row('an alias', dns('alias.example')),
  row('a delegation', dns('below.example', { query_type: 'NS' })),
  row('no records', dns('empty.example')),
  row('any type', { prober: 'dns', dns: { query_name: 'shop.example' } }),
  row('NXDOMAIN', dns('gone.example')),
  row('NXDOMAIN that is expected', dns('gone.example', { valid_rcodes: ['NXDOMAIN', 'NOERROR'] })),
  row('SERVFAIL', dns('broken.example')),
  row('REFUSED', dns('refused.example')),
  row('NOERROR where NXDOMAIN is expected', dns('shop.example', { valid_rcodes: ['NXDOMAIN'] })),
  row(
    'no record may match, and one does',
    rules('shop.example', 'answer', 'fail_if_matches_regexp', '192\\.0\\.2\\.2'),
  ),
  row(
    'no record may match, and none does',
    rules('shop.example', 'answer', 'fail_if_matches_regexp', '198\\.'),
  ),
  row(
    'all records are to match, and do',
    rules('shop.example', 'answer', 'fail_if_not_matches_regexp', 'shop\\.example\\.\t.*\tIN\tA\t192'),
  ),
  row(
    'all records are to match, and one does not',
    rules('shop.example', 'answer', 'fail_if_not_matches_regexp', '2\\.1$'),
  ),
  row(
    'all records are to match, and there are none',
    rules('empty.example', 'answer', 'fail_if_not_matches_regexp', '.*'),
  ),
  row(
    'one is to match, and does',
    rules('shop.example', 'answer', 'fail_if_none_matches_regexp', 'nothing', '2\\.2$'),
  ),
  row(
    'one is to match, and none does',
    rules('shop.example', 'answer', 'fail_if_none_matches_regexp', 'nothing'),
  ),
  row(
    'one is to match, and there are none',
    rules('empty.example', 'answer', 'fail_if_none_matches_regexp', '.*'),
  ),
  row('the odd rule, where all match', rules('shop.example', 'answer', 'fail_if_all_match_regexp', '192')),
  row(
    'the odd rule, where one does not',
    rules('shop.example', 'answer', 'fail_if_all_match_regexp', '2\\.1$'),
  ),
  row('the odd rule, without records', rules('empty.example', 'answer', 'fail_if_all_match_regexp', '192')),
  row(
    'a rule of authority',
    rules('below.example', 'authority', 'fail_if_not_matches_regexp', 'NS\tns[12]\\.example\\.$'),
  ),
  row(
    'a rule of additional records',
    rules('mail.example', 'additional', 'fail_if_none_matches_regexp', '192\\.0\\.2\\.25'),
  ),
  row(
    'a rule of text',
    dns('text.example', {
      query_type: 'TXT',
      validate_answer_rrs: { fail_if_not_matches_regexp: ['"v=spf1 -all" "a \\\\"quoted\\\\" part"$'] },
    }),
  ),
  row('no answer', dns('silent.example', {}, '1s')),
  row('an answer that is truncated', dns('truncated.example'), {
    differs: { truncated: ['probe_dns_answer_rrs'] },
  }),
  row('an answer to another question first', dns('spoofed.example')),
  row('no message', dns('garbage.example', {}, '1s')),
  row('over TLS', overTls(), { target: ({ secure }) => secure.address, ...shown }),
  row('over TLS, with a wrong name', overTls({ server_name: 'elsewhere.example' }), {
    target: ({ secure }) => secure.address,
    ...shown,
  }),
  row('over TLS where there is none', overTls()),
  { name: 'a server that does not exist', module: dns('shop.example'), target: () => 'ns.invalid' },
  {
    name: 'a closed port, over TCP',
    module: dns('shop.example', { transport_protocol: 'tcp' }),
    target: () => '127.0.0.1:1',
  },
]

export const dnsFamily: Family<DnsServers> = {
  name: 'dns',
  rows,
  async start() {
    const plain = await startDnsServer({
      udp: (query) => overUdp[askedFor(query).name]?.(query) ?? [respond(query)],
      tcp: (query) => framed(respond(query)),
    })
    const secure = await startDnsServer({ tcp: (query) => framed(respond(query)), tls: certificate })
    return {
      servers: { plain, secure },
      stop: async () => {
        await plain.stop()
        await secure.stop()
      },
    }
  },
}
