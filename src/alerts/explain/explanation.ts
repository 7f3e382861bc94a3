import type { Condition, LimitKey } from '../evaluator/rules/condition.ts'

/** Who is notified of an alert with these labels. */
export type Channels = (labels: Readonly<Record<string, string>>) => NonNullable<RuleExplanation['channels']>

/**
 * `firing`. `pending`: its conditions hold, and it begins with the next evaluation or when they have held for long enough. `held back`:
 * they hold, and it does not begin. `quiet`: they do not hold.
 */
export const ruleStates = ['firing', 'pending', 'held back', 'quiet'] as const
export type RuleState = (typeof ruleStates)[number]

/** Why an alert does not begin, or why nobody is notified of it. */
export const holdKinds = [
  'depends_on',
  'maintenance',
  'network',
  'flapping',
  'quorum',
  'other alert',
  'silence',
  'acknowledged',
] as const

export interface Hold {
  readonly kind: (typeof holdKinds)[number]
  /** The target or the alert that holds it back, or who has silenced it. */
  readonly by?: string
  /** What somebody has said about it. */
  readonly why?: string
  /** When that ends, or ended; unix seconds. Absent where it is not known. */
  readonly until?: number
}

/** What one rule says of a target. Times are unix seconds. */
export interface RuleExplanation {
  readonly alertname: string
  readonly severity: string
  /** The labels that tell it from other alerts of its name. */
  readonly labels: Readonly<Record<string, string>>
  readonly state: RuleState
  /** Since when it fires, or since when its conditions hold, where they have to for a while. */
  readonly since?: number
  /** What it said when it was last sent. */
  readonly summary?: string
  /** Seconds for which the conditions have to hold. Default: none. */
  readonly holdsFor?: number
  /** What it looks at. Any of these ways is enough. */
  readonly ways: readonly (readonly Condition[])[]
  readonly holds: readonly Hold[]
  /** The channels that are notified, or would be; the alerts log always is. Those in quiet hours are notified when these end. Absent where it is not known. */
  readonly channels?: readonly {
    readonly name: string
    readonly quiet?: true
    /** Seconds for which the alert has to fire without an acknowledgement. Absent: none. */
    readonly after?: number
  }[]
  /** When it would begin, or end, if every check ended like the newest one. Absent: not within the horizon. */
  readonly beginsAt?: number
  readonly endsAt?: number
  /** `pending`, `firing` or `inactive`: what Prometheus says. Absent where it is not asked. */
  readonly prometheus?: string
}

/** Why alerts of one target fire, or do not. Times are unix seconds. */
export interface Explanation {
  readonly target: string
  readonly location: string
  readonly at: number
  /** Absent where it was never checked. */
  readonly newest?: {
    readonly at: number
    readonly success: boolean
    readonly durationSeconds: number
    readonly reason?: string
    readonly message?: string
  }
  /** Checks that were looked at, and since when there are any. */
  readonly checks: number
  readonly since?: number
  /** Seconds that were looked ahead. */
  readonly horizon: number
  readonly rules: readonly RuleExplanation[]
  /** Where each limit was written: `config/targets.yml:7`. */
  readonly origins: Readonly<Partial<Record<LimitKey, string>>>
  /** The alerts that what was looked at says nothing about. */
  readonly unknown: readonly string[]
}
