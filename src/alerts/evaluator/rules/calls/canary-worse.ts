import { humanizePercentage } from '../go-format.ts'
import type { CallsRule, CallsView, VersionRule } from '../rule.ts'
import { failing, isWorse, slow, type Version, type Worse } from './compare-versions.ts'
import { latencyText } from './culprit.ts'
import { callsLinks, lifecycle } from './shared.ts'

/** One version fails more, or is too slow more often, than the others on the same calls: it is the release, not the vendor. */
export const canaryWorse: VersionRule = ({ caller, version }): CallsRule => ({
  ...lifecycle,
  id: `CanaryWorse ${caller}\t${version}`,
  alertname: 'CanaryWorse',
  labels: { ...(caller !== '' && { caller }), version },
  holdsFor: 300,
  window: () => 1800,
  decide: (view) =>
    (isWorse(failing, view, { caller, version }) ?? isWorse(slow, view, { caller, version }))?.own,
  annotations: (view, value) => {
    const { target } = view
    const failsMore = isWorse(failing, view, { caller, version })
    const worse = failsMore ?? isWorse(slow, view, { caller, version })
    const others = humanizePercentage(worse?.others ?? NaN)
    const own = humanizePercentage(value)
    return {
      summary: failsMore
        ? `Version ${version} of ${caller} fails ${own} of its calls to ${target.name}, its other versions ${others}`
        : `Version ${version} of ${caller} is too slow in ${own} of its calls to ${target.name}, its other versions in ${others}`,
      description: `Likely cause: that version. It alone ${failsMore ? 'fails more' : 'is slower'}, on the same calls over the same 30m${counts(worse)}${failsMore ? errorText(view) : latencies(view, { caller, version })}.`,
      ...callsLinks(target, 'CanaryWorse'),
    }
  },
})

function counts(worse: Worse | undefined): string {
  if (!worse) return ''
  return `: ${Math.round(worse.ownCalls)} calls of it, ${Math.round(worse.otherCalls)} of the others`
}

function errorText({ details: { error } }: CallsView): string {
  return error
    ? `; most frequent error of all callers: ${error.name} (${error.times} times in the last 5m)`
    : ''
}

function latencies({ versions }: CallsView, { caller, version }: Version): string {
  const it = versions.find((one) => one.caller === caller && one.version === version)
  const [own, others] = [latencyText(it?.p95()), latencyText(it?.othersP95())]
  if (own === '') return ''
  return `; 95th percentile in the last 5m: ${own}${others === '' ? '' : `, of the others ${others}`}`
}
