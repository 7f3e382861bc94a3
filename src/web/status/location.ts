/** What is stored of a target from one location. */
export interface LocationPast {
  readonly location: string
  /** Of the last check, as the next ones. */
  readonly at: Date
  readonly success: boolean
  /** Absent where the row is gone. */
  readonly durationSeconds?: number
  readonly reason?: string
  readonly message?: string
  /** The share of checks that succeeded, of the hours that began in the last 24; null where there was none. */
  readonly last24h: number | null
  /** Of checks that succeeded in them; absent where there was none. */
  readonly p50Seconds?: number
}

/** `silent`: no check was made from there for more than two intervals, although there was one within a day. */
export const locationStates = ['up', 'down', 'silent'] as const

/** What is seen of a target from one of several locations. */
export interface LocationStatus extends LocationPast {
  readonly state: (typeof locationStates)[number]
}

/** What is stored of a target that only other locations watch. */
export interface ElsewherePast {
  readonly name: string
  /** Of its newest check, as the next one. */
  readonly labels: Readonly<Record<string, string>>
  readonly intervalSeconds: number
  /** In the order of their names. */
  readonly locations: readonly LocationPast[]
}

/** `pending`: none of the locations checks it any more. */
export const elsewhereStates = ['up', 'down', 'pending'] as const

/** A target that only other locations watch: this process knows nothing of it but what they have stored. */
export interface ElsewhereStatus extends Omit<ElsewherePast, 'locations'> {
  /** Tells it from a target that is watched here. */
  readonly kind: 'elsewhere'
  /** `down`: from one location at least. */
  readonly state: (typeof elsewhereStates)[number]
  readonly locations: readonly LocationStatus[]
}
