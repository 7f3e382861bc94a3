import { httpKind } from '../http/index.ts'
import { defineKind } from '../kind.ts'
import { stepMetrics } from './metrics.ts'
import { transactionFacts } from './result.ts'
import { transactionSchema } from './schema.ts'

/** `steps:` */
export const transactionKind = defineKind(transactionSchema, {
  kind: 'transaction',
  summary: 'several HTTP requests, one after the other',
  triedAgainst: 'servers of Node.js',
  limits: '50 steps, each as `url`',
  inBlackbox: false,
  metrics: [...httpKind.metrics, ...stepMetrics],
  facts: transactionFacts,
  probe: async () => (await import('./probe.ts')).probeTransaction,
  standsAlone: ({ steps }) => steps.every(({ check: { auth } }) => auth?.type !== 'oauth2'),
})
