import { defineKind } from '../kind.ts'
import { networkMetrics } from '../shared/metrics/network.ts'
import { domainMetrics } from './metrics.ts'
import { domainFacts } from './result.ts'
import { domainSchema } from './schema.ts'

/** `domain:` */
export const domainKind = defineKind(domainSchema, {
  kind: 'domain',
  summary: 'until when a domain is registered',
  triedAgainst: 'an RDAP server of our tests',
  limits: '2 MiB',
  inBlackbox: false,
  metrics: [...networkMetrics, ...domainMetrics],
  facts: domainFacts,
  // The services of the top-level domains are remembered in one place.
  probe: async () => (await import('./probe.ts')).probeDomain,
})
