import type { DnsResult } from './result.ts'
import { always, maybe, type Checked, type ProbeMetric } from '../metric.ts'

const phases = ['resolve', 'connect', 'request'] as const

const count =
  (key: 'answerRecords' | 'authorityRecords' | 'additionalRecords') =>
  ({ result }: Checked): number =>
    result.dns?.[key] ?? 0

const serialOf = (dns: DnsResult | undefined): number[] => (dns?.serial === undefined ? [] : [dns.serial])

/** What a question to a name server has brought. Names and semantics are blackbox_exporter's. */
export const dnsMetrics: readonly ProbeMetric[] = [
  maybe(
    'probe_dns_duration_seconds',
    'Duration of DNS request by phase',
    ({ result }) => phases.map((phase) => ({ labels: { phase }, value: result.dns?.phases[phase] ?? 0 })),
    { labels: ['phase'], unit: 'seconds' },
  ),
  always(
    'probe_dns_answer_rrs',
    'Returns number of entries in the answer resource record list',
    count('answerRecords'),
  ),
  always(
    'probe_dns_authority_rrs',
    'Returns number of entries in the authority resource record list',
    count('authorityRecords'),
  ),
  always(
    'probe_dns_additional_rrs',
    'Returns number of entries in the additional resource record list',
    count('additionalRecords'),
  ),
  always(
    'probe_dns_query_succeeded',
    'Displays whether or not the query was executed successfully',
    ({ result }) => Number(result.dns?.answered ?? false),
  ),
  maybe('probe_dns_serial', 'Returns the serial number of the zone', ({ result }) => serialOf(result.dns)),
]
