import { targetLabels } from '../../config/target/labels.ts'
import type { Target } from '../../config/target/target.ts'
import { redact } from '../../lib/text/redact.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import type { Examined, ExaminedRule } from '../evaluator/examined.ts'
import { isMet, type Condition } from '../evaluator/rules/condition.ts'
import type { AlertRule } from '../evaluator/rules/rule.ts'
import { targetDown } from '../evaluator/rules/target/down.ts'
import { targetFlapping } from '../evaluator/rules/target/flapping.ts'
import { isHeld } from '../evaluator/surroundings.ts'
import type { Channels, Explanation, Hold, RuleExplanation, RuleState } from './explanation.ts'

/** Characters of a message that are shown. */
const maxMessage = 300

/** What the newest check of a target came to. */
export function newestOf({ view, lastCheckAt }: Examined): Explanation['newest'] {
  const { newest, target } = view
  if (!newest) return undefined
  const { success, durationSeconds, failure } = newest
  const message = failure && cut(oneLine(redact(failure.message, target.secrets)), maxMessage)
  return {
    at: lastCheckAt,
    success,
    durationSeconds,
    ...(failure && { reason: failure.reason }),
    ...(message !== undefined && message !== '' && { message }),
  }
}

/** What each rule says of a target at the moment of its view. */
export function explainRules(
  examined: Examined,
  location: string,
  channels: Channels | undefined,
): RuleExplanation[] {
  const { target } = examined.view
  return examined.rules.map((one) => {
    const { rule, firing, pendingSince } = one
    const ways = rule.conditions(examined.view, firing !== undefined)
    const labels = firing?.labels ?? labelsOf(rule, target, location)
    const holds = holdsOf(one, examined)
    const since = firing?.begunAt ?? pendingSince
    return {
      alertname: rule.alertname,
      severity: labels.severity ?? target.severity,
      labels: rule.labels ?? {},
      state: stateOf(one, isMet(ways), holds),
      ...(since !== undefined && { since }),
      ...(firing && { summary: firing.annotations.summary ?? '' }),
      ...(rule.holdsFor !== undefined && { holdsFor: rule.holdsFor }),
      ways: ways.map((way) => way.map(shown)),
      holds,
      ...(channels && { channels: channels(labels) }),
    }
  })
}

function labelsOf(
  { alertname, severity, labels }: AlertRule,
  target: Target,
  location: string,
): Record<string, string> {
  return { ...targetLabels(target, location), ...labels, alertname, ...(severity && { severity }) }
}

function stateOf({ firing }: ExaminedRule, met: boolean, holds: readonly Hold[]): RuleState {
  if (firing) return 'firing'
  if (!met) return 'quiet'
  return holds.some(({ kind }) => kind !== 'other alert') ? 'held back' : 'pending'
}

function holdsOf({ rule, firing }: ExaminedRule, examined: Examined): Hold[] {
  const { view, lastCheckAt, parents, maintainedUntil, networkUntil, rules } = examined
  const held = (until: number): boolean => rule.dependent && isHeld(until, lastCheckAt, view.target)
  const fires = (id: string): boolean => rules.some((one) => one.rule.id === id && one.firing)
  const holds: Hold[] = firing
    ? []
    : [
        ...parents
          .filter(({ until }) => held(until))
          .map(({ name, until }): Hold => ({ kind: 'depends_on', by: name, until })),
        ...(held(maintainedUntil) ? [{ kind: 'maintenance', until: maintainedUntil } as const] : []),
        ...(held(networkUntil) ? [{ kind: 'network', until: networkUntil } as const] : []),
        ...(rule.id === targetDown.id && fires(targetFlapping.id)
          ? [{ kind: 'flapping', by: targetFlapping.alertname } as const]
          : []),
      ]
  const others = rule.heldBackBy.filter(fires)
  const names = new Set(rules.flatMap((one) => (others.includes(one.rule.id) ? one.rule.alertname : [])))
  return [...holds, ...[...names].map((by): Hold => ({ kind: 'other alert', by }))]
}

/** JSON has no Infinity: what is held against none has no limit. */
function shown({ value, limit, ...condition }: Condition): Condition {
  return {
    ...condition,
    ...(value !== undefined && Number.isFinite(value) && { value }),
    ...(limit !== undefined && Number.isFinite(limit) && { limit }),
  }
}
