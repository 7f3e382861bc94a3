/** One alert as Prometheus and Alertmanager see it. */
export interface Alert {
  readonly status: 'firing' | 'resolved'
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly startsAt: Date
  /** Present once it is resolved. */
  readonly endsAt?: Date
  /** Identifies its label set, as Alertmanager computes it: 16 hexadecimal digits. */
  readonly fingerprint: string
}

/** What takes alerts. Resolves once they are safe; a rejection means that they must be sent again. */
export type AlertSink = (alerts: readonly Alert[]) => Promise<void>
