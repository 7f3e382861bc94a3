import { humanizePercentage } from '../go-format.ts'
import type { CallsRule, VersionRule } from '../rule.ts'
import { failing, isWorse, slow, type Worse } from './compare-versions.ts'
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
      description: `Likely cause: that version. It alone ${failsMore ? 'fails more' : 'is slower'}, on the same calls over the same 30m${counts(worse)}.`,
      ...callsLinks(target, 'CanaryWorse'),
    }
  },
})

function counts(worse: Worse | undefined): string {
  if (!worse) return ''
  return `: ${Math.round(worse.ownCalls)} calls of it, ${Math.round(worse.otherCalls)} of the others`
}
