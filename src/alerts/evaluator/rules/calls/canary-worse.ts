import { humanizePercentage } from '../go-format.ts'
import type { CallsRule, CallsView, VersionCalls, VersionRule } from '../rule.ts'
import { callsLinks, lifecycle } from './shared.ts'

interface Comparison {
  readonly own: VersionCalls
  readonly ownRatio: number
  readonly othersRatio: number
  /** Two-proportion z-test with the pooled ratio; NaN, and so no evidence, where there is nothing to compare with. */
  readonly z: number
}

/** A version of a caller against all its other versions, over half an hour. */
function compare({ versions }: CallsView, { caller, version }: Version): Comparison | undefined {
  const ofCaller = versions.filter((one) => one.caller === caller)
  const own = ofCaller.find((one) => one.version === version)
  if (!own) return undefined
  const others = {
    count: ofCaller.reduce((sum, { count }) => sum + count, 0) - own.count,
    errors: ofCaller.reduce((sum, { errors }) => sum + errors, 0) - own.errors,
  }
  const [ownRatio, othersRatio] = [own.errors / own.count, others.errors / others.count]
  const pooled = (own.errors + others.errors) / (own.count + others.count)
  const spread = Math.sqrt(pooled * (1 - pooled) * (1 / own.count + 1 / others.count))
  return { own, ownRatio, othersRatio, z: (ownRatio - othersRatio) / spread }
}

type Version = Pick<VersionCalls, 'caller' | 'version'>

/** One version fails more than the others do on the same calls: it is the release, not the vendor. */
export const canaryWorse: VersionRule = ({ caller, version }): CallsRule => ({
  ...lifecycle,
  id: `CanaryWorse ${caller}\t${version}`,
  alertname: 'CanaryWorse',
  labels: { ...(caller !== '' && { caller }), version },
  holdsFor: 300,
  window: () => 1800,
  decide: (view) => {
    const seen = compare(view, { caller, version })
    // A version that makes no calls any more was taken back.
    if (!seen || !(seen.z > 3) || seen.own.recent <= 0) return undefined
    return seen.own.count >= 29.5 && seen.own.errors >= 4.5 ? seen.ownRatio : undefined
  },
  annotations: (view, value) => {
    const { target } = view
    const others = humanizePercentage(compare(view, { caller, version })?.othersRatio ?? NaN)
    return {
      summary: `Version ${version} of ${caller} fails ${humanizePercentage(value)} of its calls to ${target.name}, its other versions ${others}`,
      description: 'Likely cause: that version. It alone fails more, on the same calls over the same 30m.',
      ...callsLinks(target, 'CanaryWorse'),
    }
  },
})
