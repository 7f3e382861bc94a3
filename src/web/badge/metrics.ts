import type { PublicTarget } from '../status/public-targets.ts'
import type { CallsState, TargetStatus } from '../status/status.ts'
import type { Badge } from './badge.ts'

type Shown = Pick<Badge, 'text' | 'tone'>

const percent = (value: number | null): string => {
  if (value === null) return 'unobserved'
  // Rounded down: what failed once is not 100 %.
  const [whole, digits] = [value * 100, value >= 0.999 ? 3 : 2]
  const shown = Math.floor(whole * 10 ** digits + 1e-6) / 10 ** digits
  return value >= 1 ? '100%' : `${shown.toFixed(digits)}%`
}

function availabilityOf(value: number | null, slo: number): Shown {
  if (value === null) return { text: percent(value), tone: 'none' }
  return { text: percent(value), tone: value >= slo ? 'up' : value >= slo - (1 - slo) ? 'degraded' : 'down' }
}

function latencyOf(seconds: number | undefined, { expectation }: TargetStatus): Shown {
  if (seconds === undefined) return { text: 'unobserved', tone: 'none' }
  const text = seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(2)} s`
  return { text, tone: seconds <= (expectation.maxLatencySeconds ?? Infinity) ? 'up' : 'degraded' }
}

/** What a badge may say, by `?metric=`. A new one is a row here. */
export const badgeMetrics: Readonly<Record<BadgeMetric, (target: TargetStatus) => Shown>> = {
  state: stateBadge,
  availability: ({ availability, expectation }) => availabilityOf(availability.last30d, expectation.slo),
  availability24h: ({ availability, expectation }) => availabilityOf(availability.last24h, expectation.slo),
  availability90d: ({ availability, expectation }) => availabilityOf(availability.last90d, expectation.slo),
  p50: (target) => latencyOf(target.latency.p50Seconds, target),
  p95: (target) => latencyOf(target.latency.p95Seconds, target),
}

export const badgeMetricNames = [
  'state',
  'availability',
  'availability24h',
  'availability90d',
  'p50',
  'p95',
] as const
export type BadgeMetric = (typeof badgeMetricNames)[number]

const callsBadges: Readonly<Record<CallsState, Shown>> = {
  failing: { text: 'failing', tone: 'down' },
  slow: { text: 'slow', tone: 'degraded' },
  silent: { text: 'no calls any more', tone: 'degraded' },
  quiet: { text: 'no recent calls', tone: 'pending' },
  unseen: { text: 'no calls yet', tone: 'pending' },
  up: { text: 'up', tone: 'up' },
  paused: { text: 'paused', tone: 'paused' },
}

/** Of a target that is judged on calls alone. Nothing but its state is known for as long as badges look back. */
export function callsBadge({ state }: { readonly state: CallsState }, asked: BadgeMetric): Shown {
  return asked === 'state' ? callsBadges[state] : { text: 'unobserved', tone: 'none' }
}

/** What is shown of the past where it is added up until then only. */
export function untilThen({ text, tone }: Shown, since: Date): Shown {
  if (tone === 'none') return { text: 'not added up yet', tone }
  return { text: `${text} until ${since.toISOString().slice(0, 16).replace('T', ' ')}`, tone }
}

/** The state, which is all that a public badge says. */
export function stateBadge({ state }: Pick<PublicTarget, 'state'>): Shown {
  return { text: state, tone: state }
}
