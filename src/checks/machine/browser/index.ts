import { defineKind } from '../../kind.ts'
import { stepMetrics } from '../../transaction/metrics.ts'
import { browserMetrics } from './metrics.ts'
import { browserFacts } from './result.ts'
import { browserSchema } from './schema.ts'

/** `browser:` */
export const browserKind = defineKind(browserSchema, {
  kind: 'browser',
  summary: 'what a script does with web pages in Chromium',
  triedAgainst: 'Chromium 156 of Debian, with playwright-core 1.65',
  limits: '2 at a time, 50 steps, a picture of 512 KiB',
  inBlackbox: false,
  metrics: [...stepMetrics, ...browserMetrics],
  facts: browserFacts,
  probe: async () => (await import('./probe.ts')).probeBrowser,
})
