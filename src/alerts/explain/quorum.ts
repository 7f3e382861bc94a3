import type { Target } from '../../config/target/target.ts'
import { measured } from '../evaluator/rules/condition.ts'
import { targetDown } from '../evaluator/rules/target/down.ts'
import type { Explanation, RuleExplanation } from './explanation.ts'

/** Where a target is checked from several locations, TargetDown begins when enough of them find it down: all, where there are fewer. */
export function withQuorum(all: readonly Explanation[], { alertQuorum = 1 }: Target): Explanation[] {
  const needed = Math.min(alertQuorum, all.length)
  if (needed <= 1) return [...all]
  const down = all.filter((one) => isDown(downIn(one))).length
  const begins = all.map((one) => (isDown(downIn(one)) ? one.at : (downIn(one)?.beginsAt ?? Infinity)))
  const enoughAt = begins.sort((a, b) => a - b)[needed - 1] ?? Infinity
  const what = 'it is down for {} of the locations that it is checked from'
  const quorum = measured(what, down, 'count', 'at least', needed, 'alert_quorum')
  return all.map((one) => ({
    ...one,
    rules: one.rules.map((rule) => {
      if (rule.alertname !== targetDown.alertname) return rule
      const { beginsAt, ...others } = rule
      const ways = rule.ways.map((way) => [...way, quorum])
      if (rule.state === 'firing' && quorum.holds) return { ...rule, ways }
      const at = Math.max(enoughAt, beginsAt ?? (rule.state === 'firing' ? one.at : Infinity))
      const held = !quorum.holds && isDown(rule)
      return {
        ...others,
        ways,
        ...(held && { state: 'held back' as const, holds: [...rule.holds, { kind: 'quorum' as const }] }),
        ...(at < Infinity && { beginsAt: at }),
      }
    }),
  }))
}

function downIn({ rules }: Explanation): RuleExplanation | undefined {
  return rules.find(({ alertname }) => alertname === targetDown.alertname)
}

function isDown(rule: RuleExplanation | undefined): boolean {
  return rule !== undefined && rule.state !== 'quiet'
}
