import type { Config } from '../../../config/config.ts'
import { duration } from '../../../history/report/units.ts'
import { dateTime } from '../../../lib/text/date-time.ts'
import { oneLine } from '../../../lib/text/text.ts'
import { formatDuration } from '../../../settings/values/duration.ts'
import { formatRatio } from '../../../settings/values/ratio.ts'
import { playedAlerts } from '../../../alerts/replay/replay.ts'
import type { Verdict } from '../../../alerts/replay/verdicts.ts'
import { textOf } from '../formats.ts'
import type { Section } from '../sections.ts'
import { asWritten, type Patch } from './patch.ts'
import { enough, type Suggestion, type Suggestions } from './suggest.ts'

/** What is shown of one configuration. */
export interface Shown {
  readonly result: Suggestions
  readonly config: Pick<Config, 'target'>
  readonly left: Patch['left']
}

/** Names that are listed of those about which there is nothing to do. */
const maxNames = 20

/** For a terminal. */
export function asText({ result, config, left }: Shown): string {
  const { suggestions, asGood, tooThin, from, to, checks } = result
  const at = (seconds: number): string => dateTime(new Date(seconds * 1000))
  const parts = [
    `From ${at(from)} to ${at(to)}: ${checks.toLocaleString('en')} checks.`,
    ...(suggestions.length === 0
      ? ['Nothing to suggest.']
      : [textOf(values(suggestions, config)), textOf(effects(result))]),
    ...(asGood.length > 0 ? [`Today's values are as good as any that were tried: ${names(asGood)}`] : []),
    ...(tooThin.length > 0 ? [textOf(thin(tooThin))] : []),
    ...(left.length > 0
      ? [
          `Not in the patch, because their values cannot be edited where they stand (another program lists them, or they come from an alias): ${names(left)}`,
        ]
      : []),
    ...(suggestions.length > left.length
      ? ['--patch prints these values as a change of your files: probity suggest --patch | patch -p0']
      : []),
    `Judged: ${playedAlerts.join(', ')}, as \`probity simulate\` plays them. docs/suggest.md says what counts as a false alarm.`,
  ]
  return `${parts.join('\n\n')}\n`
}

function values(suggestions: readonly Suggestion[], { target: find }: Shown['config']): Section {
  const rows = suggestions.flatMap(({ target: name, proposal }) => {
    const { own, expect } = asWritten(proposal)
    const target = find(name)
    const today: Readonly<Record<string, string>> = target
      ? {
          alert_after: afterOf(target),
          max_latency: formatDuration(target.expect.maxLatency),
          max_error_rate: formatRatio(target.expect.maxErrorRatio),
        }
      : {}
    const rowOf =
      (prefix: string) =>
      ([key, value]: [string, string]) => [oneLine(name), prefix + key, today[key] ?? '-', value]
    return [...Object.entries(own).map(rowOf('')), ...Object.entries(expect).map(rowOf('expect.'))]
  })
  return { heading: 'Suggestions', columns: ['target', 'key', 'today', 'suggested'], rows }
}

/** A count of checks where it is one. */
function afterOf({
  alertAfter,
  interval,
}: {
  readonly alertAfter: number
  readonly interval: number
}): string {
  const count = alertAfter / interval + 0.5
  return Number.isInteger(count) ? String(count) : formatDuration(alertAfter)
}

function effects({ suggestions, from, to, firstAt = from }: Suggestions): Section {
  const months = Math.max(1, to - Math.max(from, firstAt)) / (30 * 86_400)
  const change = (one: Suggestion, of: (verdict: Verdict) => string): string =>
    of(one.today) === of(one.suggested) ? of(one.today) : `${of(one.today)} -> ${of(one.suggested)}`
  return {
    heading: 'What they change',
    columns: ['target', 'false alarms a month', 'missed', 'median until notified'],
    rows: suggestions.map((one) => [
      oneLine(one.target),
      change(one, ({ falseAlarms }) => String(Number((falseAlarms / months).toFixed(1)))),
      change(one, ({ missed, troubles }) => `${missed} of ${troubles}`),
      change(one, ({ untilNotified }) => duration(untilNotified)),
    ]),
  }
}

function thin(tooThin: Suggestions['tooThin']): Section {
  const some = tooThin.slice(0, maxNames)
  const more = tooThin.length - some.length
  return {
    heading: `Too little past: at least ${enough.days} days and ${enough.checks.toLocaleString('en')} checks are needed`,
    columns: ['target', 'days', 'checks'],
    rows: [
      ...some.map(({ target, days, checks }) => [
        oneLine(target),
        days.toFixed(1),
        checks.toLocaleString('en'),
      ]),
      ...(more > 0 ? [[`and ${more} more`, '', '']] : []),
    ],
  }
}

function names(all: readonly string[]): string {
  const more = all.length - maxNames
  return all.slice(0, maxNames).map(oneLine).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

/** For programs: with the values as they are written, and whether the patch has them. */
export function asJson({ result, left }: Shown): string {
  const suggestions = result.suggestions.map(({ proposal, ...one }) => {
    const { own, expect } = asWritten(proposal)
    return {
      ...one,
      values: { ...own, ...(Object.keys(expect).length > 0 && { expect }) },
      inPatch: !left.includes(one.target),
    }
  })
  return `${JSON.stringify({ ...result, suggestions }, null, 2)}\n`
}
