import { formerNames } from './annotations.ts'
import { humanizeDuration, humanizePercentage, urlQuery } from './go-format.ts'
import type { CallsRule } from './rule.ts'

/** What both alerts have in common: they look at the last five minutes, and last for as long. */
const lifecycle = {
  severity: 'warning',
  keepFiringFor: 300,
  window: () => 300,
  dependent: false,
  heldBackBy: [],
} as const

const tolerated = 0.05

const callsSlow: CallsRule = {
  ...lifecycle,
  id: 'CallsSlow',
  alertname: 'CallsSlow',
  decide({ minute, fiveMinutes: five }) {
    if (five.total < 20 || !(minute.slow / minute.total > tolerated)) return undefined
    const ratio = five.slow / five.total
    return ratio > tolerated ? ratio : undefined
  },
  annotations: ({ target: { name, expect } }, value) => ({
    summary: `${humanizePercentage(value)} of the calls to ${name} are too slow: expected at most ${humanizeDuration(expect.maxLatency)} for 95%`,
    description:
      'Measured in your own programs over the last 5m. Probes of the same target show whether the vendor or the network path is to blame.',
  }),
}

const callsErrorRateHigh: CallsRule = {
  ...lifecycle,
  id: 'CallsErrorRateHigh',
  alertname: 'CallsErrorRateHigh',
  decide({ target: { expect }, fiveMinutes: { ok, errors } }) {
    const count = ok + errors
    if (errors < 3 || !(lowerBound(errors / count, count) > expect.maxErrorRatio)) return undefined
    return errors / count
  },
  annotations: ({ target: { name, expect } }, value) => ({
    summary: `${humanizePercentage(value)} of the calls to ${name} fail, expected at most ${humanizePercentage(expect.maxErrorRatio)}`,
    description: 'More than chance explains, measured in your own programs over the last 5m.',
  }),
}

/** Wilson score interval, lower bound, z = 3. */
function lowerBound(ratio: number, count: number): number {
  const spread = 3 * Math.sqrt((ratio * (1 - ratio)) / count + 2.25 / count ** 2)
  return (ratio + 4.5 / count - spread) / (1 + 9 / count)
}

/** Every alert about calls that is decided here. */
export const callsRules: readonly CallsRule[] = [callsSlow, callsErrorRateHigh].map((rule) => ({
  ...rule,
  annotations: (view, value) => ({
    ...rule.annotations(view, value),
    runbook_url: view.target.runbook ?? `docs/alerts.md#${rule.alertname.toLowerCase()}`,
    dashboard_url: `/d/probity-calls?var-target=${urlQuery(view.target.name)}`,
    ...(view.target.was && { was: formerNames(view.target) }),
  }),
}))
