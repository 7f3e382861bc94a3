import { comparisonsOf } from '../support/promql.ts'
import { secondsOf, type Rule } from './shipped.ts'

/** A rule with one deliberate mistake. */
export interface Mutant {
  /** What was changed, for the reader of a failure. */
  readonly change: string
  readonly rule: Rule
}

const flipped: Readonly<Record<string, string>> = {
  '>': '<',
  '<': '>',
  '>=': '<=',
  '<=': '>=',
  '==': '!=',
  '!=': '==',
  '=': '!=',
  '=~': '!~',
  '!~': '=~',
}

/**
 * One mutant for each comparison, and two for each duration that an alert waits: a little less and a little more.
 *
 * @param step By how many seconds a duration is changed.
 */
export function mutantsOf(rule: Rule, step: number): Mutant[] {
  return [
    ...flippedComparisons(rule),
    ...changedDurations(rule, 'for', step),
    ...changedDurations(rule, 'keep_firing_for', step),
  ]
}

function flippedComparisons(rule: Rule): Mutant[] {
  const { expr } = rule
  // That an alert goes on which fires already is asked of ALERTS by its own name, which variants next to it would answer too: which
  // name stands there is looked at in rules.test.ts.
  const asked = comparisonsOf(expr).filter(({ from }) => !expr.slice(0, from).endsWith('ALERTS{alertname'))
  return asked.map(({ from, to, text }) => {
    // In a selector, `!=` is the opposite of `=`.
    const inSelector = text === '!=' && /^\s*"/.test(expr.slice(to))
    const other = inSelector ? '=' : flipped[text]!
    const around = expr.slice(Math.max(0, from - 40), to + 20).replaceAll(/\s+/g, ' ')
    return {
      change: `${text} becomes ${other} in: ${around}`,
      rule: { ...rule, expr: expr.slice(0, from) + other + expr.slice(to) },
    }
  })
}

function changedDurations(rule: Rule, key: 'for' | 'keep_firing_for', step: number): Mutant[] {
  const duration = rule[key]
  if (duration === undefined) return []
  return [-step, step].map((change) => {
    const changed = `${secondsOf(duration) + change}s`
    return { change: `${key}: ${duration} becomes ${changed}`, rule: { ...rule, [key]: changed } }
  })
}
