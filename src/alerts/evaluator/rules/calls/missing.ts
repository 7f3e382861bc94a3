import { humanizeDuration } from '../go-format.ts'
import type { CallsRule, Silence } from '../rule.ts'
import { callsLinks, lifecycle } from './shared.ts'

/** Seconds: the shortest silence that raises the alert. */
const least = 600

/** The silence has to be longer than the longest of two days by this factor: the longest of chance is seldom that much longer. */
const factor = 4

/** Calls in a day. Estimates are seldom whole numbers, so the limit lies between two. */
const enoughCalls = 49.5

/** Seconds: nearly a day, of which an exporter may have been away for a part. */
const wholeDay = 77_760

/** Seconds: what is seen for less says nothing yet. */
const halfHour = 1800

/** A target that was called during the last day is not called any more, for longer than is usual for it. */
export const callsMissing: CallsRule = {
  ...lifecycle,
  id: 'CallsMissing',
  alertname: 'CallsMissing',
  keepFiringFor: 0,
  window: () => 0,
  remembered: true,
  decide({ target, silence }, firing) {
    if (!silence || target.missing === 'off' || silence.seconds < least) return undefined
    return firing || isUnusual(silence) ? silence.seconds : undefined
  },
  annotations: ({ target, silence }, value) => ({
    summary: `${target.name} has not been called for ${humanizeDuration(value)}`,
    description: `Nothing called it, or nobody reports the calls any more.${usually(silence)}`,
    ...callsLinks(target, 'CallsMissing'),
  }),
}

function isUnusual({ seconds, longest, calls, known }: Silence): boolean {
  if (calls < enoughCalls || seconds <= factor * longest) return false
  // Otherwise the first night of a target would raise the alert: only its day is known.
  return known >= wholeDay || (seconds * 3 >= known && known - seconds >= halfHour)
}

function usually(silence: Silence | undefined): string {
  if (!silence || silence.calls < 0.5) return ''
  const pause =
    silence.longest > 0 ? `, with at most ${humanizeDuration(silence.longest)} between two of them` : ''
  return ` There were ${Math.round(silence.calls)} calls in the last day${pause}.`
}
