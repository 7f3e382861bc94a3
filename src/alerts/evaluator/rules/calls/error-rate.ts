import { humanizePercentage } from '../go-format.ts'
import type { CallsRule, CallsView } from '../rule.ts'
import { failing } from './compare-versions.ts'
import { culprit } from './culprit.ts'
import { callsLinks, lifecycle } from './shared.ts'
import { lowerBound } from '../wilson.ts'

/** The share of calls of the last five minutes that fail, where they are more than chance explains. */
function failsOften({ target: { expect }, fiveMinutes: { ok, errors } }: CallsView): number | undefined {
  const count = ok + errors
  // Estimates are seldom whole numbers, so the limit lies between two.
  if (errors < 2.5 || !(lowerBound(errors, count, 3) > expect.maxErrorRatio)) return undefined
  return errors / count
}

/** The lower bound where all fail is n of n + 9. */
function allFail({ target: { expect }, hour: { ok, errors } }: CallsView): number | undefined {
  return ok === 0 && errors >= 2 && errors / (errors + 9) > expect.maxErrorRatio ? 1 : undefined
}

/** The share of calls that fail, where they are evidence: in five minutes, or all of the last hour. */
export function failingShare(view: CallsView): number | undefined {
  return failsOften(view) ?? allFail(view)
}

/** How many calls there were, and whose fault it is that they fail. */
export function failingWords(view: CallsView): string {
  const { errors, error } = view.hour
  if (failsOften(view) !== undefined || allFail(view) === undefined) return culprit(failing, view)
  return `All ${errors} calls of the last hour failed${error === undefined ? '' : `, most frequent error: ${error}`}.`
}

/** Calls fail more often than chance explains if the target kept to what is expected of it. */
export const callsErrorRateHigh: CallsRule = {
  ...lifecycle,
  id: 'CallsErrorRateHigh',
  alertname: 'CallsErrorRateHigh',
  decide: failingShare,
  annotations: (view, value) => ({
    summary: `${humanizePercentage(value)} of the calls to ${view.target.name} fail, expected at most ${humanizePercentage(view.target.expect.maxErrorRatio)}`,
    description: `More than chance explains, measured in your own programs. ${failingWords(view)}`,
    ...callsLinks(view.target, 'CallsErrorRateHigh'),
  }),
}
