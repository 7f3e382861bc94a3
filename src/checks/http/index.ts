import { defineKind } from '../kind.ts'
import { credentialMetrics } from '../shared/metrics/credential.ts'
import { networkMetrics } from '../shared/metrics/network.ts'
import { tlsMetrics } from '../shared/metrics/tls.ts'
import { httpMetrics } from './metrics.ts'
import { rateLimitMetrics } from './rate-limit-metrics.ts'
import { httpFacts } from './result.ts'
import { httpSchema } from './schema.ts'

/** `url:` */
export const httpKind = defineKind(httpSchema, {
  kind: 'http',
  summary: 'an HTTP request and its response',
  triedAgainst: 'blackbox_exporter on the same servers, specifications of public APIs; servers of Node.js',
  limits: 'a body of 10 MiB (`max_body`), 10 redirects',
  inBlackbox: true,
  metrics: [...networkMetrics, ...httpMetrics, ...tlsMetrics, ...credentialMetrics, ...rateLimitMetrics],
  facts: httpFacts,
  probe: async () => (await import('./probe.ts')).probeHttp,
  // Tokens are shared by all targets with the same credentials.
  standsAlone: ({ auth }) => auth?.type !== 'oauth2',
})
