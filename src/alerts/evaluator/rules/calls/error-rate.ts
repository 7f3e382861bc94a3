import { humanizePercentage } from '../go-format.ts'
import type { CallsRule, CallsView } from '../rule.ts'
import { callsLinks, lifecycle } from './shared.ts'

/** The share of calls that fail, where they are more than chance explains. */
export function failingShare({
  target: { expect },
  fiveMinutes: { ok, errors },
}: CallsView): number | undefined {
  const count = ok + errors
  // Estimates are seldom whole numbers, so the limit lies between two.
  if (errors < 2.5 || !(lowerBound(errors / count, count) > expect.maxErrorRatio)) return undefined
  return errors / count
}

/** Wilson score interval, lower bound, z = 3. */
function lowerBound(ratio: number, count: number): number {
  const spread = 3 * Math.sqrt((ratio * (1 - ratio)) / count + 2.25 / (count * count))
  return (ratio + 4.5 / count - spread) / (1 + 9 / count)
}

/** Calls fail more often than chance explains if the target kept to what is expected of it. */
export const callsErrorRateHigh: CallsRule = {
  ...lifecycle,
  id: 'CallsErrorRateHigh',
  alertname: 'CallsErrorRateHigh',
  decide: failingShare,
  annotations: ({ target }, value) => ({
    summary: `${humanizePercentage(value)} of the calls to ${target.name} fail, expected at most ${humanizePercentage(target.expect.maxErrorRatio)}`,
    description: 'More than chance explains, measured in your own programs over the last 5m.',
    ...callsLinks(target, 'CallsErrorRateHigh'),
  }),
}
