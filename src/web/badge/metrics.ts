import type { ElsewhereStatus, LocationStatus } from '../status/location.ts'
import type { PublicTarget } from '../status/public-targets.ts'
import type { CallsState, SeenFrom, ShownExpectation, TargetStatus } from '../status/status.ts'
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

function latencyOf(seconds: number | undefined, { expectation }: Pick<TargetStatus, 'expectation'>): Shown {
  if (seconds === undefined) return { text: 'unobserved', tone: 'none' }
  const text = seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(2)} s`
  return { text, tone: seconds <= (expectation.maxLatencySeconds ?? Infinity) ? 'up' : 'degraded' }
}

/** What a badge is made of. */
type Judged = Pick<TargetStatus, 'availability' | 'expectation' | 'latency'>

/** What a badge may say of the past, by `?metric=`. A new one is a row here. */
const pastMetrics: Readonly<Record<Exclude<BadgeMetric, 'state'>, (target: Judged) => Shown>> = {
  availability: ({ availability, expectation }) => availabilityOf(availability.last30d, expectation.slo),
  availability24h: ({ availability, expectation }) => availabilityOf(availability.last24h, expectation.slo),
  availability90d: ({ availability, expectation }) => availabilityOf(availability.last90d, expectation.slo),
  p50: (target) => latencyOf(target.latency.p50Seconds, target),
  p95: (target) => latencyOf(target.latency.p95Seconds, target),
}

/** What a badge says of a target. */
export const badgeMetrics: Readonly<Record<BadgeMetric, (target: TargetStatus) => Shown>> = {
  state: stateBadge,
  ...pastMetrics,
}

const locationTones = { up: 'up', down: 'down', silent: 'pending' } as const

/** Where what is expected is known at another place alone. */
const nothingExpected: ShownExpectation = { maxLatencySeconds: null, maxErrorRatio: 1, slo: 0 }

export interface LocationBadge {
  readonly target: Pick<TargetStatus, 'expectation'> | ElsewhereStatus
  readonly seen: LocationStatus
  /** Absent where nothing of it is stored. */
  readonly past: SeenFrom | undefined
}

/** What a badge says of a target, as it is seen from one location. */
export function locationBadge({ target, seen, past }: LocationBadge, asked: BadgeMetric): Shown {
  if (asked === 'state') return { text: seen.state, tone: locationTones[seen.state] }
  if (!past) return { text: 'unobserved', tone: 'none' }
  return pastMetrics[asked]({
    ...past,
    expectation: 'expectation' in target ? target.expectation : nothingExpected,
  })
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

/** Of a target that only other locations watch. Its past is that of each of them. */
export function elsewhereBadge({ state }: ElsewhereStatus, asked: BadgeMetric): Shown {
  return asked === 'state' ? { text: state, tone: state } : { text: 'unobserved', tone: 'none' }
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
