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
