import { durationWords } from '../../settings/values/duration.ts'
import { formatRatio } from '../../settings/values/ratio.ts'
import { dateTime } from '../../lib/text/date-time.ts'
import { plural } from '../../lib/text/text.ts'
import { humanizeDuration } from '../evaluator/rules/go-format.ts'
import type { Condition, Unit } from '../evaluator/rules/condition.ts'
import { ruleStates, type Explanation, type Hold, type RuleExplanation } from './explanation.ts'

/** What one rule says, in words that a person reads aloud. */
export interface RuleWords {
  /** `TargetDown (critical) does not fire.` */
  readonly headline: string
  readonly state: RuleExplanation['state']
  /** What it looks at: any of these ways is enough. */
  readonly ways: readonly (readonly { readonly holds: boolean; readonly text: string }[])[]
  /** What holds it back, what would happen, who is notified. */
  readonly notes: readonly string[]
}

/** What holds back the messages about an alert that fires. */
const muting: ReadonlySet<Hold['kind']> = new Set(['other alert', 'silence', 'acknowledged'])

const sameAgain = 'if every check ends like the newest one'

const at = (seconds: number): string => dateTime(new Date(seconds * 1000))

/** What was seen of the target, in one or two sentences. */
export function introduction({ target, location, at: moment, newest, checks, since }: Explanation): string {
  const where = `${target} at ${at(moment)}, checked from ${location}`
  if (!newest || since === undefined)
    return `${where}: no check of it is known, so no alert about it can be explained.`
  const { reason = '', message } = newest
  const ago = humanizeDuration(Math.round(moment - newest.at))
  const failure = `failed (${reason}${message === undefined ? '' : `: ${message}`})`
  const outcome = newest.success ? `succeeded in ${humanizeDuration(newest.durationSeconds)}` : failure
  return `${where}: its newest check, ${ago} ago, ${outcome}. ${plural(checks, 'check')} since ${at(since)} ${checks === 1 ? 'was' : 'were'} looked at.`
}

/** What is to say once, and not of each rule. */
export function footnotes(explanation: Explanation): string[] {
  const { rules, unknown, horizon } = explanation
  const apart = rules.filter(isApart)
  const quiet = rules.filter((rule) => isIdle(rule) && !isApart(rule))
  const reasons = new Map(apart.map(({ alertname, ways }) => [alertname, ways[0]?.[0]?.what ?? '']))
  return [
    ...(apart.length === 0
      ? []
      : [`Nothing to judge for ${[...reasons].map(([name, why]) => `${name} (${why})`).join(', ')}.`]),
    ...(quiet.length === 0 ? [] : [`No other alert begins within ${durationWords(horizon)} ${sameAgain}.`]),
    ...whoWouldBe(quiet),
    ...(unknown.length === 0
      ? []
      : [
          `Not explained: ${unknown.join(', ')}. What was looked at has outcomes and durations, and nothing of what these alerts need.`,
        ]),
  ]
}

/** Who would be notified of the alerts that are not near. */
function whoWouldBe(quiet: readonly RuleExplanation[]): string[] {
  const names = new Map<string, Set<string>>()
  for (const { channels, alertname } of quiet) {
    if (!channels) continue
    const who = recipients(channels)
    names.set(who, (names.get(who) ?? new Set()).add(alertname))
  }
  const all = [...names]
  return all.map(
    ([who, of]) => `${all.length === 1 ? 'An alert that begins' : [...of].join(', ')} would notify: ${who}.`,
  )
}

/** Whether nothing was seen that it could judge. */
function isApart({ state, ways }: RuleExplanation): boolean {
  return state === 'quiet' && ways.length > 0 && ways.every((way) => way.some(({ absent }) => absent))
}

/** Whether nothing is to be expected of it. */
function isIdle({ state, beginsAt }: RuleExplanation): boolean {
  return state === 'quiet' && beginsAt === undefined
}

/** How much a rule matters now: the least matters most. */
function nearness(rule: RuleExplanation): number {
  return isIdle(rule) ? ruleStates.length : ruleStates.indexOf(rule.state)
}

/** The rules that can judge the target: those that fire first, then those that will. */
export function wordsOf(explanation: Explanation): RuleWords[] {
  const rules = explanation.rules.filter((rule) => !isApart(rule))
  const sorted = rules.toSorted((a, b) => nearness(a) - nearness(b))
  return sorted.map((rule) => ({
    headline: headline(rule),
    state: rule.state,
    ways: rule.ways.map((way) =>
      way.map((condition) => ({ holds: condition.holds, text: sentence(condition, explanation.origins) })),
    ),
    notes: notes(rule, explanation),
  }))
}

function headline({ alertname, severity, labels, state, since }: RuleExplanation): string {
  const name = `${alertname} (${[severity, ...Object.values(labels)].join(', ')})`
  if (state === 'firing') return `${name} has been firing since ${at(since ?? 0)}.`
  if (state === 'held back') return `${name} is held back: what it looks at is so, and it does not begin.`
  if (state === 'pending') return `${name} is about to fire: what it looks at is so.`
  return `${name} does not fire.`
}

/** `Its checks have failed for 1m; it takes at least 2m 30s (alert_after, config/targets.yml:7).` */
function sentence(
  { what, value, unit, takes, limit, key }: Condition,
  origins: Explanation['origins'],
): string {
  const words = value === 1 && unit === 'count' ? what.replace('{} times', '{} time') : what
  const seen = capital(value === undefined ? words : words.replace('{}', quantity(value, unit, limit)))
  if (takes === undefined) return `${seen}.`
  const from = key === undefined ? '' : ` (${[key, origins[key] ?? []].flat().join(', ')})`
  if (limit === undefined) return `${seen}; no limit is set${from}.`
  if (unit === 'ratio' && limit >= 1 && takes === 'more than')
    return `${seen}; it takes more than ${quantity(limit, unit)}, which no check can bring about${from}.`
  return `${seen}; it takes ${needed(takes, limit, unit)}${from}.`
}

/** What a value has to be. Half a check leaves room for one at the edge of the time, and nobody has seen one. */
function needed(takes: NonNullable<Condition['takes']>, limit: number, unit: Unit | undefined): string {
  if (unit === 'count' && takes === 'at least') return `at least ${Math.ceil(limit)}`
  if (unit === 'count' && takes === 'more than') return `at least ${Math.floor(limit) + 1}`
  return `${takes} ${quantity(limit, unit)}`
}

/** @param limit What it is held against: the longer that is, the less the rest of a second matters. */
function quantity(value: number, unit: Unit | undefined, limit = value): string {
  if (unit === 'seconds') {
    const seconds = tidy(Math.abs(value), limit)
    return value < 0 ? `-${humanizeDuration(seconds)}` : humanizeDuration(seconds)
  }
  if (unit === 'ratio') return formatRatio(Number(value.toPrecision(4)))
  return String(Math.round(value))
}

/** Checks come a few milliseconds early or late, which nobody wants to read. */
function tidy(seconds: number, limit: number): number {
  if (limit >= 60) return Math.round(seconds)
  return seconds >= 10 ? Math.round(seconds * 10) / 10 : seconds
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function notes(rule: RuleExplanation, { horizon }: Explanation): string[] {
  const { state, holds, channels, prometheus } = rule
  const ofPrometheus = prometheus === undefined ? [] : [`Prometheus says: ${prometheus}.`]
  if (isIdle(rule))
    return [...holds.filter(({ kind }) => kind !== 'other alert').map(holdWords), ...ofPrometheus]
  const isSent = state === 'firing' && !holds.some(({ kind }) => muting.has(kind))
  return [
    ...holds.map(holdWords),
    ...ofPrometheus,
    ...waits(rule),
    next(rule, durationWords(horizon)),
    ...(channels ? [`${isSent ? 'Notified' : 'It would notify'}: ${recipients(channels)}.`] : []),
  ]
}

function next({ state, beginsAt, endsAt }: RuleExplanation, ahead: string): string {
  const [verb, moment] = state === 'firing' ? ['end', endsAt] : ['begin', beginsAt]
  return moment === undefined
    ? `It does not ${verb} within ${ahead} ${sameAgain}.`
    : `It ${verb}s at ${at(moment)} ${sameAgain}.`
}

function waits({ state, holdsFor, since }: RuleExplanation): string[] {
  if (state !== 'pending' || holdsFor === undefined || since === undefined) return []
  return [`That has been so since ${at(since)}, and it takes ${durationWords(holdsFor)}.`]
}

function holdWords({ kind, by = '', why, until }: Hold): string {
  const after = until === undefined ? '' : ` After ${at(until)} the target has its alert_after to recover.`
  const words: Readonly<Record<Hold['kind'], string>> = {
    depends_on: `Held back by depends_on: ${by} fails, and this target cannot work without it.${after}`,
    maintenance: `Held back by maintenance.${after}`,
    network: `Held back by the network of the prober: more than half of all addresses cannot be reached.${after}`,
    flapping: `Held back by ${by}: a target that goes up and down is one alert.`,
    quorum: `Held back by alert_quorum: too few locations find it down.`,
    silence: `Nobody is notified of it: ${by} has silenced it until ${at(until ?? 0)}${said(why)}.`,
    acknowledged: `Nobody is notified of it again: ${by} takes care of it, until it ends or until ${at(until ?? 0)}${said(why)}.`,
    'other alert': `Nobody is notified of it while ${by} fires, which explains it.`,
  }
  return words[kind]
}

function said(why = ''): string {
  return why === '' ? '' : ` (${why})`
}

function recipients(channels: NonNullable<RuleExplanation['channels']>): string {
  const names = channels.map(({ name, quiet, after }) => {
    const waits = [
      ...(after === undefined ? [] : [`after ${durationWords(after)} without an acknowledgement`]),
      ...(quiet ? ['after its quiet hours'] : []),
    ]
    return waits.length === 0 ? name : `${name} (${waits.join(', ')})`
  })
  return names.length === 0 ? 'the alerts log alone' : `${names.join(', ')} and the alerts log`
}
