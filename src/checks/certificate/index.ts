import { defineKind } from '../kind.ts'
import { networkMetrics } from '../shared/metrics/network.ts'
import { tlsMetrics } from '../shared/metrics/tls.ts'
import { certificateFacts } from './result.ts'
import { certificateSchema } from './schema.ts'

/** `certificate:`. Metrics and the API have always called it `tls`. */
export const certificateKind = defineKind(certificateSchema, {
  kind: 'tls',
  summary: 'a TLS handshake and its certificate',
  triedAgainst: 'servers of Node.js, certificates of OpenSSL',
  limits: 'none apart from the timeout',
  inBlackbox: false,
  metrics: [...networkMetrics, ...tlsMetrics],
  facts: certificateFacts,
  probe: async () => (await import('./probe.ts')).probeCertificate,
  standsAlone: () => true,
})
