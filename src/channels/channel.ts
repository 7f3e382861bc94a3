import { ProbityError } from '../lib/errors.ts'

export type NotificationStatus = 'firing' | 'resolved'

/** How an alert may end without a recovery that somebody has seen. */
export const endings = ['unwatched', 'paused', 'unreported'] as const
export type Ending = (typeof endings)[number]

/** One alert that began or ended, ready to be sent to somebody. */
export interface Notification {
  readonly status: NotificationStatus
  readonly alertname: string
  /** Empty where the alert is not about a target. */
  readonly target: string
  /** The names that the target had before; absent where it had no other. */
  readonly formerly?: string
  /** Empty where the alert has none. */
  readonly severity: string
  /** What was expected and what was seen, in one sentence. */
  readonly summary: string
  /** What the newest check that failed says itself: `expected 2xx, got 500`. One line, bounded, without secrets. */
  readonly seen?: string
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
  /**
   * How it ended, if nobody knows whether it has recovered: the target is no longer watched, or is paused, or Alertmanager no longer
   * reports the alert. Absent: it is over.
   */
  readonly ended?: Ending
  readonly labels: Readonly<Record<string, string>>
  /** Identifies the alert's label set, as Alertmanager computes it. */
  readonly fingerprint: string
  /** Which notification of this alert this is, from 1; absent where nobody counts. */
  readonly alertCount?: number
  /** Consecutive failed checks. Once it is resolved: of the failure that ended. Absent where they are not known. */
  readonly failureCount?: number
  /** The same for a person: `3 of 3 since 2026-11-20 11:58:30 UTC`. */
  readonly failedChecks?: string
  /** Where the time of the last check went: `dns 2 ms, connect 1 ms, first byte 1.2 s`. */
  readonly phases?: string
  /** Other targets that failed at the same time: `2: api, blog`. */
  readonly alsoFailing?: string
  /** What checks, calls and the vendor say: `checks fail, calls work, vendor acme says operational: 1 of 3 sees trouble`. */
  readonly witnesses?: string
  /** The last change before it: `began 3m after checkout 1.4.2`. */
  readonly afterMark?: string
  /** What it shares with others that fail: `all 7 that fail share address 203.0.113.7, and none that works does`. */
  readonly shared?: string
  /** What was run to repair it, and whether the next checks passed; only at its end: `restart-shop ran at 12:03 UTC (exit 0); the next 2 checks passed`. */
  readonly repair?: string
  /** How far the way to the target leads, where that was traced: `on the way to 203.0.113.9, the last answer is from 198.51.100.1 (hop 7)`. */
  readonly route?: string
  /** The page of the target; absent where nobody said where Probity is found. */
  readonly targetUrl?: string
  /** The page of the incident; likewise. */
  readonly incidentUrl?: string
  /** Where somebody acknowledges the alert, or silences it, without a login; absent where there is no such link, and at its end. */
  readonly acknowledgeUrl?: string
  readonly silenceUrl?: string
  /** What the failing check printed or answered last, cut to a bounded length. */
  readonly lastOutput?: string
  /** When the target last worked before it failed; absent where nobody knows. */
  readonly lastSuccess?: Date | 'never'
  /**
   * The other alerts that this message is about, where a channel gets one message for several. The message is about alerts that
   * fire unless all of them are resolved.
   */
  readonly others?: readonly Notification[]
  /** What is to be said about the message itself, in one sentence; absent where there is nothing. */
  readonly remark?: string
  /** Nothing happened: somebody wants to see whether notifications arrive. */
  readonly test?: boolean
}

/** A report, in each form in which a channel may send it. */
export interface ReportMessage {
  /** The same for the same report: who has it already can drop a copy. */
  readonly id: string
  /** On one line. */
  readonly subject: string
  readonly text: string
  /** Refers to the pictures by `cid:`. */
  readonly html: string
  /** PNG. */
  readonly pictures: readonly { readonly cid: string; readonly base64: string }[]
  /** What becomes JSON. */
  readonly report: unknown
  /** Where the whole report is; absent where nobody said where Probity is found. */
  readonly url?: string
}

/** A mail to one person who is not in the settings of a channel. */
export interface PersonalMail {
  /** The same for the same mail: who has it already can drop a copy. */
  readonly id: string
  /** One address, without a name. */
  readonly to: string
  /** On one line. */
  readonly subject: string
  readonly text: string
  readonly html: string
  /** More of them, each on one line. */
  readonly headers: Readonly<Record<string, string>>
}

/** A way to notify somebody. */
export interface Channel {
  /** Becomes the label `channel` of the delivery metrics. */
  readonly name: string
  /** Whom it notifies, where each of several may take or refuse a notification. */
  readonly recipients?: readonly string[]
  /**
   * Resolves when the other side has taken the notification for good.
   *
   * @param signal Gives up a delivery that has not begun to take effect.
   * @param recipient One of `recipients`. Default: all of them.
   * @throws DeliveryError when it did not.
   */
  readonly deliver: (notification: Notification, signal: AbortSignal, recipient?: string) => Promise<void>
  /**
   * Sends a report, under the same conditions. Absent where the kind of channel sends none.
   *
   * @throws DeliveryError when the other side did not take it.
   */
  readonly sendReport?: (report: ReportMessage, signal: AbortSignal, recipient?: string) => Promise<void>
  /**
   * Sends a mail to somebody else than the recipients. Absent where the kind of channel sends none.
   *
   * @throws DeliveryError when the other side did not take it.
   */
  readonly sendMail?: (mail: PersonalMail, signal: AbortSignal) => Promise<void>
}

export interface DeliveryErrorOptions extends ErrorOptions {
  readonly retry: boolean
  readonly retryAfterSeconds?: number | undefined
  /** Default false. */
  readonly maybeTooLong?: boolean
  /** Default false. */
  readonly isOfRecipient?: boolean
}

/** A notification was not delivered. */
export class DeliveryError extends ProbityError {
  override name = 'DeliveryError'
  /** Whether the same delivery may succeed later. */
  readonly retry: boolean
  /** The other side wants to be left alone for so long. */
  readonly retryAfterSeconds?: number
  /** Whether a shorter text may be taken. */
  readonly maybeTooLong: boolean
  /** Whether the recipient was refused, and others may not be. */
  readonly isOfRecipient: boolean

  constructor(message: string, options: DeliveryErrorOptions) {
    super('DELIVERY_FAILED', message, options)
    this.retry = options.retry
    this.maybeTooLong = options.maybeTooLong ?? false
    this.isOfRecipient = options.isOfRecipient ?? false
    if (options.retryAfterSeconds !== undefined) this.retryAfterSeconds = options.retryAfterSeconds
  }
}
