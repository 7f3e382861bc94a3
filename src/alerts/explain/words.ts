import { durationWords, formatDuration } from '../../settings/values/duration.ts'
import { formatRatio } from '../../settings/values/ratio.ts'
import { dateTime } from '../../lib/text/date-time.ts'
import { plural } from '../../lib/text/text.ts'
import { humanizeDuration } from '../evaluator/rules/go-format.ts'
import type { Condition, Unit } from '../evaluator/rules/condition.ts'
import type { Explanation, Hold, RuleExplanation } from './explanation.ts'

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

/** What the explanation says nothing about. */
export function footnote({ unknown }: Explanation): string | undefined {
  return unknown.length === 0
    ? undefined
    : `Not explained: ${unknown.join(', ')}. What was looked at has outcomes and durations, and nothing of what these alerts need.`
}

/** The rules in their order. */
export function wordsOf(explanation: Explanation): RuleWords[] {
  return explanation.rules.map((rule) => ({
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
  const seen = capital(value === undefined ? words : words.replace('{}', quantity(value, unit)))
  if (takes === undefined) return `${seen}.`
  const from = key === undefined ? '' : ` (${[key, origins[key] ?? []].flat().join(', ')})`
  if (limit === undefined) return `${seen}; no limit is set${from}.`
  return `${seen}; it takes ${takes} ${quantity(limit, unit)}${from}.`
}

function quantity(value: number, unit: Unit | undefined): string {
  if (unit === 'seconds')
    return value < 0 ? `-${humanizeDuration(-tidy(value))}` : humanizeDuration(tidy(value))
  if (unit === 'ratio') return formatRatio(Number(value.toPrecision(4)))
  return String(Number(value.toPrecision(6)))
}

/** Checks come a few milliseconds early or late, which nobody wants to read. */
function tidy(seconds: number): number {
  return Math.abs(seconds) >= 10 ? Math.round(seconds * 10) / 10 : seconds
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** What holds back the messages about an alert that fires. */
const muting: ReadonlySet<Hold['kind']> = new Set(['other alert', 'silence', 'acknowledged'])

function notes(rule: RuleExplanation, { horizon }: Explanation): string[] {
  const { state, holds, beginsAt, endsAt, channels, prometheus } = rule
  const same = 'if each check comes to the same as the newest one'
  const ahead = formatDuration(horizon)
  const next =
    state === 'firing'
      ? endsAt === undefined
        ? `It does not end within ${ahead} ${same}.`
        : `It ends at ${at(endsAt)} ${same}.`
      : beginsAt === undefined
        ? `It does not begin within ${ahead} ${same}.`
        : `It begins at ${at(beginsAt)} ${same}.`
  const isSent = state === 'firing' && !holds.some(({ kind }) => muting.has(kind))
  const ofPrometheus = prometheus === undefined ? undefined : `Prometheus says: ${prometheus}.`
  return [
    ...holds.map(holdWords),
    ofPrometheus,
    waits(rule),
    next,
    channels && notified(channels, isSent),
  ].flatMap((note) => note ?? [])
}

function waits({ state, holdsFor, since }: RuleExplanation): string | undefined {
  if (state !== 'pending' || holdsFor === undefined || since === undefined) return undefined
  return `That has been so since ${at(since)}, and it takes ${durationWords(holdsFor)}.`
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

function notified(channels: NonNullable<RuleExplanation['channels']>, firing: boolean): string {
  const names = channels.map(({ name, quiet, after }) => {
    const waits = [
      ...(after === undefined ? [] : [`after ${formatDuration(after)} without an acknowledgement`]),
      ...(quiet ? ['after its quiet hours'] : []),
    ]
    return waits.length === 0 ? name : `${name} (${waits.join(', ')})`
  })
  const who = names.length === 0 ? 'the alerts log alone' : `${names.join(', ')} and the alerts log`
  return `${firing ? 'Notified' : 'It would notify'}: ${who}.`
}
