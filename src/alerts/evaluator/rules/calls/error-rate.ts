import { humanizePercentage } from '../go-format.ts'
import type { CallsRule, CallsView } from '../rule.ts'
import { failing } from './compare-versions.ts'
import { culprit } from './culprit.ts'
import { callsLinks, lifecycle } from './shared.ts'
import { lowerBound } from '../wilson.ts'

/** The share of calls that fail, where they are more than chance explains. */
export function failingShare({
  target: { expect },
  fiveMinutes: { ok, errors },
}: CallsView): number | undefined {
  const count = ok + errors
  // Estimates are seldom whole numbers, so the limit lies between two.
  if (errors < 2.5 || !(lowerBound(errors, count, 3) > expect.maxErrorRatio)) return undefined
  return errors / count
}

/** Calls fail more often than chance explains if the target kept to what is expected of it. */
export const callsErrorRateHigh: CallsRule = {
  ...lifecycle,
  id: 'CallsErrorRateHigh',
  alertname: 'CallsErrorRateHigh',
  decide: failingShare,
  annotations: (view, value) => ({
    summary: `${humanizePercentage(value)} of the calls to ${view.target.name} fail, expected at most ${humanizePercentage(view.target.expect.maxErrorRatio)}`,
    description: `More than chance explains, measured in your own programs. ${culprit(failing, view)}`,
    ...callsLinks(view.target, 'CallsErrorRateHigh'),
  }),
}
