import type { Repeat } from '../../config/notify/repeat.ts'
import type { Alert } from '../alert.ts'

/**
 * The checks behind an alert, in seconds since 1970: check number i of the failure is made at `failingSince + i x interval`.
 */
export interface Failure {
  readonly failingSince: number
  readonly interval: number
  /** Failed checks at the moment the alert began to fire; 0 where checks are not known. */
  readonly deciding: number
  /** Whether the alert said when it last worked and how often it is checked. */
  readonly known: boolean
}

/** Seconds that count as one check for alerts that do not say how often their target is checked. */
export const baseInterval = 60

/**
 * Reads the annotations `interval` (seconds) and `failing_since` (unix seconds) that the shipped rules write. Alerts without
 * them count from when they began, one check a minute.
 */
export function failureOf({ annotations, startsAt }: Pick<Alert, 'annotations' | 'startsAt'>): Failure {
  const start = startsAt.getTime() / 1000
  const interval = positive(annotations.interval) ?? baseInterval
  const failingSince = positive(annotations.failing_since)
  if (failingSince === undefined || failingSince > start)
    return { failingSince: start, interval, deciding: 0, known: false }
  return { failingSince, interval, deciding: checksWithin(start - failingSince, interval), known: true }
}

/** Seconds that get lost where times are rounded to milliseconds and subtracted: no check may get lost with them. */
const rounding = 0.005

function checksWithin(seconds: number, interval: number): number {
  return Math.floor((seconds + rounding) / interval)
}

function positive(text: string | undefined): number | undefined {
  const number = text === undefined || text === '' ? NaN : Number(text)
  return Number.isFinite(number) && number > 0 ? number : undefined
}

/** Consecutive failed checks at a moment. */
export function failureCount({ failingSince, interval }: Failure, nowSeconds: number): number {
  return Math.max(0, checksWithin(nowSeconds - failingSince, interval))
}

/** What was sent about one alert on one channel. */
export interface Told {
  /** Notifications decided on so far. */
  readonly count: number
  /** The exponent k of the exponential cadence: the next is due n = 2^k - 1 checks after the deciding one. */
  readonly step: number
  /** Unix seconds: when the last one arrived; until then, when it was decided on. */
  readonly lastAt: number
}

export const nothingTold: Told = { count: 0, step: 0, lastAt: 0 }

/**
 * Seconds from the moment of a check until a repetition counts it: the check has to end, and may be the first that succeeds.
 * A quarter of the interval, at most 10 s.
 */
export function settling({ interval }: Pick<Failure, 'interval'>): number {
  return Math.min(interval / 4, 10)
}

/**
 * When the next notification is due.
 *
 * The exponential cadence is Minitor's: with F consecutive failures, n = F - the number at which the alert fires, and k
 * notifications sent, the next is due when n >= 2^k - 1.
 *
 * @returns Unix seconds; Infinity for never.
 */
export function nextDue(repeat: Repeat, failure: Failure, told: Told): number {
  if (told.count === 0) return -Infinity
  const { failingSince, deciding, interval } = failure
  const atCheck = (n: number): number => failingSince + (deciding + n) * interval + settling(failure)
  switch (repeat.kind) {
    case 'once':
      return Infinity
    case 'every':
      return told.lastAt + repeat.seconds
    case 'exponential':
      return atCheck(2 ** told.step - 1)
    case 'checks': {
      const done = Math.floor(checksCovered(failure, told.lastAt) / repeat.checks)
      return atCheck((done + 1) * repeat.checks)
    }
  }
}

/**
 * Checks after the deciding one for which a notification at this moment speaks: also a check whose repetition would follow within
 * half an interval.
 */
function checksCovered(failure: Failure, nowSeconds: number): number {
  const soon = nowSeconds + failure.interval / 2 - settling(failure)
  return Math.max(0, failureCount(failure, soon) - failure.deciding)
}

/**
 * Notes that a notification was decided on. Steps that went by unused (the process was down, the hours were quiet) are
 * skipped: what is late is sent once.
 */
export function tell(failure: Failure, told: Told, nowSeconds: number): Told {
  return arrive(failure, { ...told, count: told.count + 1, step: told.step + 1 }, nowSeconds)
}

/** Notes that the last one arrived: repetitions count from here, so that one that was late is not followed at once by the next. */
export function arrive(failure: Failure, { count, step }: Told, nowSeconds: number): Told {
  const reached = Math.floor(Math.log2(checksCovered(failure, nowSeconds) + 1))
  return { count, step: Math.max(step, reached + 1), lastAt: nowSeconds }
}
