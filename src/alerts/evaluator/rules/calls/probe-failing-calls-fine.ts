import { evaluationSeconds } from '../../due-rules.ts'
import { absent, measured, stated, type Condition } from '../condition.ts'
import { humanizeDuration } from '../go-format.ts'
import type { AlertRule, TargetView } from '../rule.ts'
import { callsLinks, enoughCalls, longestProbeInterval } from './shared.ts'

function callsFine({ calls }: TargetView): boolean {
  if (!calls) return false
  const { ok, errors } = calls.fiveMinutes
  const count = ok + errors
  return count >= enoughCalls && errors / count <= calls.target.expect.maxErrorRatio
}

function isDown({ down, failingFor, foundDownAt, now }: TargetView): boolean {
  return failingFor > 0 && (down || foundDownAt > now - evaluationSeconds)
}

function conditions(view: TargetView): Condition[] {
  const { calls, target } = view
  const { ok, errors } = calls?.fiveMinutes ?? { ok: 0, errors: 0 }
  const count = ok + errors
  const often = measured(
    'it is checked every {}',
    target.interval,
    'seconds',
    'at most',
    longestProbeInterval,
    'interval',
  )
  const known = measured('{} calls within 5m said how they ended', count, 'count', 'at least', enoughCalls)
  return [
    stated(isDown(view), 'it is down', 'it is not down'),
    often,
    ...(calls ? [known] : [absent('no calls of it are judged')]),
    ...(calls && count > 0
      ? [
          measured(
            '{} of its calls within 5m failed',
            errors / count,
            'ratio',
            'at most',
            calls.target.expect.maxErrorRatio,
            'expect.max_error_rate',
          ),
        ]
      : []),
  ]
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
    const { target, failingFor } = view
    if (!isDown(view) || target.interval > longestProbeInterval) return undefined
    return callsFine(view) ? Math.round(failingFor) : undefined
  },
  conditions: (view) => [conditions(view)],
  annotations: ({ target, reason }, value) => ({
    summary: `The probe of ${target.name} has failed for ${humanizeDuration(value)} while the calls of your programs succeed${reason === undefined ? '' : `, reason: ${reason}`}`,
    description:
      'Likely cause: the network, the credentials or the expectations of the probe. The vendor serves real calls as expected.',
    ...callsLinks(target, 'ProbeFailingCallsFine'),
  }),
}
