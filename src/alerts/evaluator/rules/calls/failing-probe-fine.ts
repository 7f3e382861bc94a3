import { humanizePercentage } from '../go-format.ts'
import type { CallsRule, CallsView } from '../rule.ts'
import { failingShare, failingWords } from './error-rate.ts'
import { callsLinks, lifecycle, longestProbeInterval } from './shared.ts'

/** Whether there were checks within five minutes, and none of them failed. */
function probesFine({ probe, now }: CallsView): boolean {
  if (!probe || probe.target.interval > longestProbeInterval) return false
  let checks = 0
  let failed = 0
  probe.samples.within(300, now, ({ reason }) => {
    checks++
    if (reason !== undefined) failed++
  })
  return checks > 0 && failed === 0
}

/** The two witnesses disagree: calls fail, and every probe of the same target succeeds. */
export const callsFailingProbeFine: CallsRule = {
  ...lifecycle,
  id: 'CallsFailingProbeFine',
  alertname: 'CallsFailingProbeFine',
  holdsFor: 300,
  decide: (view) => (probesFine(view) ? failingShare(view) : undefined),
  annotations: (view, value) => ({
    summary: `${humanizePercentage(value)} of the calls to ${view.target.name} fail while every probe of it succeeds`,
    description: `Likely cause: your own code, its credentials or its network. The vendor answers the probe as expected. ${failingWords(view)}`,
    ...callsLinks(view.target, 'CallsFailingProbeFine'),
  }),
}
