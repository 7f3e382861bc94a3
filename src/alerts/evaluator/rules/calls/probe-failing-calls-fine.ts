import { evaluationSeconds } from '../../due-rules.ts'
import { humanizeDuration } from '../go-format.ts'
import type { AlertRule, TargetView } from '../rule.ts'
import { callsLinks, enoughCalls, longestProbeInterval } from './shared.ts'

function callsFine({ calls }: TargetView): boolean {
  if (!calls) return false
  const { ok, errors } = calls.fiveMinutes
  const count = ok + errors
  return count >= enoughCalls && errors / count <= calls.target.expect.maxErrorRatio
}

/** The two witnesses disagree: the target is down for its probe, and calls of it succeed. */
export const probeFailingCallsFine: AlertRule = {
  id: 'ProbeFailingCallsFine',
  alertname: 'ProbeFailingCallsFine',
  severity: 'warning',
  holdsFor: 300,
  keepFiringFor: 0,
  window: () => 300,
  dependent: true,
  heldBackBy: [],
  decide: (view) => {
    const { target, now, failingFor, foundDownAt } = view
    const down = view.down || foundDownAt > now - evaluationSeconds
    if (failingFor <= 0 || !down || target.interval > longestProbeInterval) return undefined
    return callsFine(view) ? Math.round(failingFor * 10) / 10 : undefined
  },
  annotations: ({ target, reason }, value) => ({
    summary: `The probe of ${target.name} has failed for ${humanizeDuration(value)} while the calls of your programs succeed${reason === undefined ? '' : `, reason: ${reason}`}`,
    description:
      'Likely cause: the network, the credentials or the expectations of the probe. The vendor serves real calls as expected.',
    ...callsLinks(target, 'ProbeFailingCallsFine'),
  }),
}
