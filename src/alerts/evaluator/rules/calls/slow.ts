import { humanizeDuration, humanizePercentage } from '../go-format.ts'
import type { CallsRule } from '../rule.ts'
import { callsLinks, enoughCalls, lifecycle } from './shared.ts'

const tolerated = 0.05

/** The 95th percentile is above the limit, now and for long enough to be no blip. */
export const callsSlow: CallsRule = {
  ...lifecycle,
  id: 'CallsSlow',
  alertname: 'CallsSlow',
  decide({ minute, fiveMinutes: five }) {
    if (five.total < enoughCalls || !(minute.slow / minute.total > tolerated)) return undefined
    const ratio = five.slow / five.total
    return ratio > tolerated ? ratio : undefined
  },
  annotations: ({ target }, value) => ({
    summary: `${humanizePercentage(value)} of the calls to ${target.name} are too slow: expected at most ${humanizeDuration(target.expect.maxLatency)} for 95%`,
    description:
      'Measured in your own programs over the last 5m. Probes of the same target show whether the vendor or the network path is to blame.',
    ...callsLinks(target, 'CallsSlow'),
  }),
}
