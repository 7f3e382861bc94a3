import { ProbityError } from '../lib/errors.ts'

export type NotificationStatus = 'firing' | 'resolved'

/** One alert that began or ended, ready to be told to somebody. */
export interface Notification {
  readonly status: NotificationStatus
  readonly alertname: string
  /** Empty where the alert is not about a target. */
  readonly target: string
  /** Empty where the alert has none. */
  readonly severity: string
  /** What was expected and what was seen, in one sentence. */
  readonly summary: string
  readonly description: string
  /** Why the probe failed, from the closed set of failure reasons; absent where the alert does not say. */
  readonly reason?: string
  /** Empty where the alert has none. */
  readonly runbookUrl: string
  /** Empty where the alert has none. */
  readonly dashboardUrl: string
  readonly startsAt: Date
  /** Present once it is resolved. */
  readonly endsAt?: Date
  readonly labels: Readonly<Record<string, string>>
  /** Identifies the alert's label set, as Alertmanager computes it. */
  readonly fingerprint: string
}

/** A way to tell somebody. */
export interface Channel {
  /** Becomes the label `channel` of the delivery metrics. */
  readonly name: string
  /**
   * Resolves when the other side has taken the notification for good.
   *
   * @param signal Gives up a delivery that has not begun to take effect.
   * @throws DeliveryError when it did not.
   */
  readonly deliver: (notification: Notification, signal: AbortSignal) => Promise<void>
}

/** A notification was not delivered. */
export class DeliveryError extends ProbityError {
  override name = 'DeliveryError'
  /** Whether the same delivery may succeed later. */
  readonly retry: boolean

  constructor(message: string, options: ErrorOptions & { readonly retry: boolean }) {
    super('DELIVERY_FAILED', message, options)
    this.retry = options.retry
  }
}
