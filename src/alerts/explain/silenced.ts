import { targetLabels } from '../../config/target/labels.ts'
import type { Target } from '../../config/target/target.ts'
import { isInForce, type Silence } from '../silences/silence.ts'
import type { Explanation, Hold, RuleExplanation } from './explanation.ts'

/** Adds to what is said of a target who has silenced which of its alerts. */
export function withSilences(
  explanation: Explanation,
  target: Target,
  silences: readonly Silence[],
): Explanation {
  const { at, location } = explanation
  const inForce = silences.filter((silence) => isInForce(silence, at * 1000))
  if (inForce.length === 0) return explanation
  const own = targetLabels(target, location)
  return {
    ...explanation,
    rules: explanation.rules.map((rule) => ({
      ...rule,
      holds: [...rule.holds, ...inForce.flatMap((silence) => holdOf(silence, rule, own))],
    })),
  }
}

function holdOf(
  { matchers, acknowledges, createdBy, comment, endsAt }: Silence,
  { alertname, severity, labels, state }: RuleExplanation,
  own: Readonly<Record<string, string>>,
): Hold[] {
  const all = { ...own, ...labels, alertname, severity }
  const isAbout = acknowledges
    ? state === 'firing' && acknowledges.alertname === alertname && acknowledges.target === own['target']
    : matchers.every(({ matches }) => matches(all))
  if (!isAbout) return []
  return [
    {
      kind: acknowledges ? 'acknowledged' : 'silence',
      by: createdBy,
      ...(comment !== '' && { why: comment }),
      until: endsAt.getTime() / 1000,
    },
  ]
}
