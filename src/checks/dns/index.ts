import { defineKind } from '../kind.ts'
import { networkMetrics } from '../shared/metrics/network.ts'
import { tlsMetrics } from '../shared/metrics/tls.ts'
import { dnsMetrics } from './metrics.ts'
import { dnsFacts } from './result.ts'
import { dnsSchema } from './schema.ts'

/** `dns:` */
export const dnsKind = defineKind(dnsSchema, {
  kind: 'dns',
  summary: 'the answer of a name server',
  triedAgainst: 'blackbox_exporter on the same servers; servers of our tests',
  limits: '64 KiB',
  inBlackbox: true,
  metrics: [...networkMetrics, ...dnsMetrics, ...tlsMetrics],
  facts: dnsFacts,
  probe: async () => (await import('./probe.ts')).probeDns,
  standsAlone: () => true,
})
