import { humanizeDuration, humanizePercentage } from '../go-format.ts'
import type { CallCounts, CallsRule } from '../rule.ts'
import { slow } from './compare-versions.ts'
import { culprit } from './culprit.ts'
import { callsLinks, lifecycle } from './shared.ts'
import { lowerBound } from '../wilson.ts'

const tolerated = 0.05

/** The 95th percentile is above the limit, now and for long enough to be no blip, and more than chance explains. */
export const callsSlow: CallsRule = {
  ...lifecycle,
  id: 'CallsSlow',
  alertname: 'CallsSlow',
  decide({ minute, ninetySeconds, fiveMinutes: five }) {
    if (!isEvidence(five, 3.5, 5) && !isEvidence(ninetySeconds, 4.5, 6)) return undefined
    const ratio = five.slow / five.total
    return ratio > tolerated && minute.slow / minute.total > tolerated ? ratio : undefined
  },
  annotations: (view, value) => ({
    summary: `${humanizePercentage(value)} of the calls to ${view.target.name} are too slow: expected at most ${humanizeDuration(view.target.expect.maxLatency)} for 95%`,
    description: `Measured in your own programs. Probes of the same target show whether the vendor or the network path is to blame. ${culprit(slow, view)}`,
    ...callsLinks(view.target, 'CallsSlow'),
  }),
}

/**
 * A healthy method whose 95th percentile is just below its limit has many chances to look slow, so z is large, and more chances in a
 * short window. Four slow calls are the least: estimates are seldom whole numbers, and those of a short window are too large.
 */
function isEvidence({ slow, total }: CallCounts, least: number, z: number): boolean {
  return slow >= least && lowerBound(slow, total, z) > tolerated
}
