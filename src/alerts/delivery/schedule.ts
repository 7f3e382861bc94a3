import type { Plan } from '../../config/notify/routing.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Timers } from '../../lib/time/timers.ts'
import type { Alert, AlertSink } from '../alert.ts'
import type { AlertState } from './alert-state.ts'
import type { Undelivered } from './delivery.ts'
import type { Destination } from './destination.ts'
import type { Renewal } from './owed.ts'
import type { DeliveryQueue } from './queue.ts'
import type { WriteBehind } from './write-behind.ts'

export interface NotificationScheduleOptions {
  readonly state: WriteBehind
  readonly queue: Pick<DeliveryQueue, 'add' | 'isTelling' | 'withdraw' | 'size' | 'wake'>
  /** Who is notified of an alert with these labels, by the configuration in force. */
  readonly plans: (labels: Readonly<Record<string, string>>) => readonly (Plan & Destination)[]
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
  /** What an earlier process left behind. */
  readonly alerts?: readonly AlertState[]
  /**
   * Seconds after which an alert that fires, but is no longer heard of, is forgotten. Alertmanager repeats at least every 4h.
   * Default 12h.
   */
  readonly forgetAfter?: number
  /** Whether an alert may have ended: it is not repeated meanwhile. Default: none may. */
  readonly isInDoubt?: (alert: Alert) => boolean
  /** Until when nobody is to be notified that an alert fires, in unix milliseconds; undefined where it is not muted. Default: none is. */
  readonly mutedUntil?: (alert: Alert) => number | undefined
  /** Alerts that are remembered; beyond it, those that were heard of longest ago are forgotten. Default 10,000. */
  readonly maxAlerts?: number
  /** Notifications that may wait; beyond it, alerts are refused, and critical ones beyond twice as many. Default 10,000. */
  readonly maxPending?: number
}

/** Decides when somebody is notified of an alert. */
export interface NotificationSchedule {
  /**
   * Takes what is known about alerts now, and has it sent. Resolves once that, and what follows from it, is on the disk; rejects
   * with `STATE_UNWRITABLE` if it cannot be written to the disk, but sends it anyway.
   */
  readonly accept: AlertSink
  /** To be called when a beginning arrived: its end will be sent too. */
  readonly delivered: (to: Destination, fingerprint: string, incident: number) => void
  /** Whether what was given up is still true, and how to say it now. */
  readonly renew: (lost: Undelivered) => Renewal
  /** Decides again about every alert: after the start, and when the configuration or the queue has changed. */
  readonly decide: () => void
  /** The alerts that fire, of those that somebody is notified of. */
  readonly firing: () => readonly Alert[]
  /** The ongoing incidents that somebody should be notified of and nobody has been. */
  readonly untold: () => ReadonlySet<string>
  /** All alerts that are remembered. */
  readonly known: () => readonly AlertState[]
  /** Another process has sent the ends of these: fingerprint, and when it ended in unix milliseconds. */
  readonly endedElsewhere: (ends: ReadonlyMap<string, number>) => void
  readonly stop: () => void
}
