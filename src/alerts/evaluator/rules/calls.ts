import type { CallTarget } from '../../../config/target/calls.ts'
import { humanizeDuration, humanizePercentage, urlQuery } from './go-format.ts'

/** What is known of the calls to one target within a window. */
export interface CallCounts {
  /** All of them. */
  readonly total: number
  readonly slow: number
  /** Of those that report how they ended. */
  readonly ok: number
  readonly errors: number
}

/** One alert about calls. It says in code what prometheus/rules/calls.yml says in PromQL. */
export interface CallsRule {
  readonly alertname: string
  /** The value to report, or nothing if the condition does not hold. */
  readonly decide: (target: CallTarget, minute: CallCounts, fiveMinutes: CallCounts) => number | undefined
  readonly annotations: (target: CallTarget, value: number) => Record<string, string>
}

const tolerated = 0.05

const callsSlow: CallsRule = {
  alertname: 'CallsSlow',
  decide(_target, minute, five) {
    if (five.total < 20 || !(minute.slow / minute.total > tolerated)) return undefined
    const ratio = five.slow / five.total
    return ratio > tolerated ? ratio : undefined
  },
  annotations: ({ name, expect }, value) => ({
    summary: `${humanizePercentage(value)} of the calls to ${name} are too slow: expected at most ${humanizeDuration(expect.maxLatency)} for 95%`,
    description:
      'Measured in your own programs over the last 5m. Probes of the same target show whether the vendor or the network path is to blame.',
  }),
}

const callsErrorRateHigh: CallsRule = {
  alertname: 'CallsErrorRateHigh',
  decide({ expect }, _minute, { ok, errors }) {
    const count = ok + errors
    if (errors < 3 || !(lowerBound(errors / count, count) > expect.maxErrorRatio)) return undefined
    return errors / count
  },
  annotations: ({ name, expect }, value) => ({
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
  annotations: (target, value) => ({
    ...rule.annotations(target, value),
    runbook_url: target.runbook ?? `docs/alerts.md#${rule.alertname.toLowerCase()}`,
    dashboard_url: `/d/probity-calls?var-target=${urlQuery(target.name)}`,
  }),
}))
