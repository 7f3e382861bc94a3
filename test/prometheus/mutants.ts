import { proveAll } from '../support/proof.ts'
import { piecesOf } from '../support/promql.ts'
import { secondsOf, type Rule } from './shipped.ts'

/** A rule with one deliberate mistake. */
export interface Mutant {
  /** What was changed, for the reader of a failure. */
  readonly change: string
  readonly rule: Rule
}

/** What becomes of a piece of an expression, by its type in the grammar; several are several mutants. */
type Mistakes = (text: string) => readonly string[]

const becomes =
  (...others: string[]): Mistakes =>
  () =>
    others

const mistakes: Readonly<Record<string, Mistakes>> = {
  Gtr: becomes('<'),
  Lss: becomes('>'),
  Gte: becomes('<='),
  Lte: becomes('>='),
  Eql: becomes('!='),
  Neq: becomes('=='),
  EqlSingle: becomes('!='),
  EqlRegex: becomes('!~'),
  NeqRegex: becomes('=~'),
  And: becomes('or'),
  Or: becomes('unless'),
  Unless: becomes('and'),
  Add: becomes('-'),
  Sub: becomes('+'),
  Mul: becomes('/'),
  Div: becomes('*'),
  Max: becomes('min'),
  Min: becomes('max'),
  Sum: becomes('max'),
  NumberDurationLiteral: (text) =>
    /^[\d.]+$/.test(text) && Number(text) !== 0 ? [String(Number(text) * 2), String(Number(text) / 2)] : [],
  NumberDurationLiteralInDurationContext: (text) => [...scaled(text, 2), ...scaled(text, 0.5)],
}

/** A duration of whole seconds, twice or half as long. */
function scaled(text: string, factor: number): string[] {
  const seconds = secondsOf(text) * factor
  return seconds >= 1 && Number.isInteger(seconds) ? [`${seconds}s`] : []
}

/** Those of which every run tries some; `npm run mutate:rules` tries all. */
const comparisons = ['Gtr', 'Lss', 'Gte', 'Lte', 'Eql', 'Neq', 'EqlSingle', 'EqlRegex', 'NeqRegex']

const types = new Set(proveAll ? Object.keys(mistakes) : comparisons)

/**
 * One mutant for each mistake in the expression, and two for each duration that an alert waits: a little less and a little more.
 *
 * @param step By how many seconds a duration is changed.
 */
export function mutantsOf(rule: Rule, step: number): Mutant[] {
  return [
    ...changedPieces(rule),
    ...changedDurations(rule, 'for', step),
    ...changedDurations(rule, 'keep_firing_for', step),
  ]
}

function changedPieces(rule: Rule): Mutant[] {
  const { expr } = rule
  // That an alert goes on which fires already is asked of ALERTS by its own name, which variants next to it would answer too: which
  // name stands there is looked at in rules.test.ts.
  const asked = piecesOf(expr, types).filter(({ from }) => !expr.slice(0, from).endsWith('ALERTS{alertname'))
  return asked.flatMap(({ type, from, to, text }) =>
    mistakes[type]!(text).map((other) => {
      // In a selector, `!=` is the opposite of `=`.
      const inSelector = type === 'Neq' && /^\s*"/.test(expr.slice(to))
      const around = expr.slice(Math.max(0, from - 40), to + 20).replaceAll(/\s+/g, ' ')
      const wrong = inSelector ? '=' : other
      return {
        change: `${text} becomes ${wrong} in: ${around}`,
        rule: { ...rule, expr: expr.slice(0, from) + wrong + expr.slice(to) },
      }
    }),
  )
}

function changedDurations(rule: Rule, key: 'for' | 'keep_firing_for', step: number): Mutant[] {
  const duration = rule[key]
  if (duration === undefined) return []
  return [-step, step].map((change) => {
    const changed = `${secondsOf(duration) + change}s`
    return { change: `${key}: ${duration} becomes ${changed}`, rule: { ...rule, [key]: changed } }
  })
}
