/** What a value of a condition is: `count` has no unit. */
export type Unit = 'seconds' | 'ratio' | 'count'

/** How a value compares with its limit where a condition holds. */
export type Comparison = 'more than' | 'at least' | 'less than' | 'at most'

/** One thing that a rule looks at, and whether it is so. */
export interface Condition {
  /** A sentence with {} in the place of the value. */
  readonly what: string
  /** Absent: there is none, and `what` is the whole sentence. */
  readonly value?: number
  readonly unit?: Unit
  /** What the value is held against; absent where there is no value. */
  readonly takes?: Comparison
  readonly limit?: number
  /** The key of targets.yml that the limit comes from; absent where the rule has it. */
  readonly key?: LimitKey
  readonly holds: boolean
  /** Whether the value falls by one each second, whatever is seen. */
  readonly falls?: true
  /** Whether nothing was seen that the rule could judge. */
  readonly absent?: true
}

/** The keys of a target that limits come from. */
export type LimitKey =
  | 'alert_after'
  | 'alert_quorum'
  | 'recover_after'
  | 'interval'
  | 'expect.max_latency'
  | 'expect.max_latency_p99'
  | 'expect.latency_spike'
  | 'expect.max_error_rate'
  | 'expect.slo'
  | 'expect.certificate_days'
  | 'expect.domain_days'

/** One way for an alert to fire: all of its conditions hold. */
export type Way = readonly Condition[]

const compare: Readonly<Record<Comparison, (value: number, limit: number) => boolean>> = {
  'more than': (value, limit) => value > limit,
  'at least': (value, limit) => value >= limit,
  'less than': (value, limit) => value < limit,
  'at most': (value, limit) => value <= limit,
}

/** A number that is held against a limit. */
export function measured(
  what: string,
  value: number,
  unit: Unit,
  takes: Comparison,
  limit: number,
  key?: LimitKey,
): Condition {
  return { what, value, unit, takes, limit, ...(key && { key }), holds: compare[takes](value, limit) }
}

/** Something that is so, or is not. */
export function stated(holds: boolean, yes: string, no: string): Condition {
  return { what: holds ? yes : no, holds }
}

/** Nothing was seen that the rule could judge, such as a certificate. */
export function absent(what: string): Condition {
  return { what, holds: false, absent: true }
}

/** Whether the conditions of one way hold. */
export function isMet(ways: readonly Way[]): boolean {
  return ways.some((way) => way.every(({ holds }) => holds))
}
