import { maybe, type ProbeMetric } from '../metric.ts'

/** What one echo request was answered with. Names and semantics are blackbox_exporter's. */
export const icmpMetrics: readonly ProbeMetric[] = [
  maybe(
    'probe_icmp_duration_seconds',
    'Duration of icmp request by phase',
    ({ result: { phases, icmp } }) => [
      { labels: { phase: 'resolve' }, value: phases?.resolve ?? 0 },
      { labels: { phase: 'setup' }, value: icmp?.setupSeconds ?? 0 },
      { labels: { phase: 'rtt' }, value: icmp?.rttSeconds ?? 0 },
    ],
    { labels: ['phase'], unit: 'seconds' },
  ),
  maybe('probe_icmp_reply_hop_limit', 'Replied packet hop limit (TTL for ipv4)', ({ result }) =>
    result.icmp?.replyHopLimit === undefined ? [] : [result.icmp.replyHopLimit],
  ),
]
