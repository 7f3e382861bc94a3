import { isQuiet } from '../../config/notify/quiet-hours.ts'
import { ProbityError } from '../../lib/errors.ts'
import type { Alert } from '../alert.ts'
import { isUntold, openSince, type AlertState, type ChannelState } from './alert-state.ts'
import { arrive, failureOf, nextDue, nothingTold, tell } from './cadence.ts'
import { knownAlerts } from './known-alerts.ts'
import { toNotification } from './notification.ts'
import { destinationOf, keyOf } from './destination.ts'
import type { NotificationSchedule, NotificationScheduleOptions } from './schedule.ts'
import { isUrgent } from './urgency.ts'

const quietStep = 60
/**
 * Seconds after which an alert that fires here, and whose end was sent from elsewhere, is a new one: by then it would have ended here
 * too. At least two checks.
 */
const anewAfter = 60

/**
 * Keeps, per alert and channel, what was sent and when the next notification is due. It has its own clock: what Alertmanager
 * repeats only says that an alert still fires.
 */
export function createNotificationSchedule(options: NotificationScheduleOptions): NotificationSchedule {
  const { state, queue, plans, clock, timers, log } = options
  const {
    forgetAfter = 12 * 3600,
    maxAlerts = 10_000,
    maxPending = 10_000,
    isInDoubt = () => false,
    mutedUntil = () => undefined,
  } = options
  /** Unix seconds, when an alert must be looked at again. */
  const due = new Map<string, number>()
  const known = knownAlerts({
    state,
    plans,
    alerts: options.alerts ?? [],
    maxAlerts,
    forgotten: (fingerprint) => void due.delete(fingerprint),
  })
  const { keep, forget } = known
  let cancel = (): void => undefined
  let stopped = false
  let lastIncident = 0

  function hear(alert: Alert, now: number): void {
    const before = known.get(alert.fingerprint)
    if (alert.status === 'resolved') {
      // Nobody was notified of what is not known.
      if (before?.alert.status === 'firing')
        keep({ ...before, alert: ended(alert, before.alert), heardAt: now })
      return
    }
    const goesOn = before?.alert.status === 'firing' && alert.startsAt <= before.alert.startsAt
    // An end that waits for the end of quiet hours, or for a beginning to arrive, is overtaken: it fires again.
    keep(goesOn ? { ...before, alert, heardAt: now } : anew(alert, now))
  }

  function anew(alert: Alert, now: number): AlertState {
    return { alert, incident: (lastIncident = Math.max(now, lastIncident + 1)), heardAt: now, channels: {} }
  }

  /** Decides about one alert, and notes when to do it again. */
  function look(one: AlertState, now: number): void {
    const { fingerprint, status } = one.alert
    const next = status === 'firing' ? whileFiring(one, now) : afterEnd(one, now)
    if (known.get(fingerprint)) due.set(fingerprint, next)
  }

  function whileFiring(one: AlertState, now: number): number {
    const { alert, incident, heardAt } = one
    const until = mutedUntil(alert)
    if (until !== undefined) return hush(one, now, until)
    if ((one.mutedUntil ?? 0) > now) {
      const opened = { ...one, mutedUntil: now }
      keep(opened)
      return whileFiring(opened, now)
    }
    const nowSeconds = now / 1000
    const forgetAt = heardAt / 1000 + forgetAfter
    if (nowSeconds >= forgetAt) {
      log.warn(
        { alertname: alert.labels.alertname, target: alert.labels.target },
        'no longer reported: forgotten',
      )
      forget(alert.fingerprint)
      return Infinity
    }
    const failure = failureOf(alert)
    if (one.endedElsewhereAt !== undefined) {
      const againAt = one.endedElsewhereAt / 1000 + Math.max(anewAfter, 2 * failure.interval)
      if (nowSeconds < againAt) return Math.min(againAt, forgetAt)
      // New since then: it may have ended elsewhere once more.
      return whileFiring(keep({ ...anew(alert, now), incident: one.endedElsewhereAt + 1 }), now)
    }
    const channels: Record<string, ChannelState> = { ...one.channels }
    let next = forgetAt
    for (const { channel, recipient, repeat, quietHours, after: wait = 0 } of plans(alert.labels)) {
      const to = { channel, ...(recipient !== undefined && { recipient }) }
      const told = channels[keyOf(to)] ?? { ...nothingTold, delivered: false }
      const at = told.count === 0 && wait > 0 ? openSince(one) + wait : nextDue(repeat, failure, told)
      if (at > nowSeconds) {
        next = Math.min(next, at)
        continue
      }
      // What is late is sent once: the queue says when it has arrived.
      if (queue.isTelling(to, alert.fingerprint, incident)) continue
      const waits = told.count > 0 && isInDoubt(alert)
      if (waits || (quietHours && isQuiet(quietHours, alert.labels.severity ?? '', now))) {
        next = Math.min(next, (Math.floor(nowSeconds / quietStep) + 1) * quietStep)
        continue
      }
      const after = { ...tell(failure, told, nowSeconds), delivered: told.delivered }
      channels[keyOf(to)] = after
      queue.add({
        ...to,
        incident,
        notification: toNotification(alert, { now, count: after.count }),
        onlyIfTold: false,
      })
      const following = nextDue(repeat, failure, after)
      next = Math.min(next, following)
      keep({ ...one, channels: { ...channels } })
    }
    return next
  }

  /**
   * Takes back what was decided on and has not begun to be sent: where no beginning arrived, it is new after the silence. What is
   * known to be silenced is known to fire.
   */
  function hush(one: AlertState, now: number, until: number): number {
    const { alert, incident } = one
    const isLeft = ([key, { delivered }]: readonly [string, ChannelState]): boolean =>
      !queue.withdraw(destinationOf(key), alert.fingerprint, incident) || delivered
    const channels = Object.fromEntries(Object.entries(one.channels).filter(isLeft))
    keep({ ...one, heardAt: now, mutedUntil: until, channels })
    return until / 1000
  }

  function afterEnd(one: AlertState, now: number): number {
    const { alert, incident } = one
    const planned = new Map(plans(alert.labels).map((plan) => [keyOf(plan), plan]))
    const left: Record<string, ChannelState> = {}
    for (const [key, told] of Object.entries(one.channels)) {
      const to = destinationOf(key)
      const waits = queue.isTelling(to, alert.fingerprint, incident)
      if (!told.delivered && !waits) continue
      const quietHours = planned.get(key)?.quietHours
      if (quietHours && isQuiet(quietHours, alert.labels.severity ?? '', now)) {
        left[key] = told
        continue
      }
      const notification = toNotification(alert, { now, count: told.count })
      queue.add({ ...to, incident, notification, onlyIfTold: !told.delivered })
    }
    if (Object.keys(left).length === 0) {
      forget(alert.fingerprint)
      return Infinity
    }
    if (Object.keys(left).length < Object.keys(one.channels).length) keep({ ...one, channels: left })
    return (Math.floor(now / 1000 / quietStep) + 1) * quietStep
  }

  function lookAtDue(): void {
    if (stopped) return
    const now = clock.now()
    for (const [fingerprint, at] of [...due]) {
      const one = known.get(fingerprint)
      if (at * 1000 <= now && one) look(one, now)
    }
    afterwards(now)
  }

  function afterwards(now: number): void {
    // What cannot be stored is sent anyway: twice is better than never.
    state.flush().catch(() => undefined)
    queue.wake()
    schedule(now)
  }

  function schedule(now: number): void {
    cancel()
    const next = Math.min(...due.values(), Infinity)
    if (next !== Infinity && !stopped) cancel = timers.after(Math.max(10, next * 1000 - now), lookAtDue)
  }

  return {
    async accept(received) {
      const urgent = received.some(({ status, labels }) =>
        isUrgent({ status, severity: labels.severity ?? '' }),
      )
      if (queue.size + received.length > (urgent ? 2 : 1) * maxPending)
        throw new ProbityError('BACKLOG_FULL', `the queue is full: ${queue.size} notifications are waiting`)
      const now = clock.now()
      for (const alert of received) {
        hear(alert, now)
        const one = known.get(alert.fingerprint)
        if (one) look(one, now)
      }
      queue.wake()
      schedule(now)
      await state.flush()
    },
    delivered(to, fingerprint, incident) {
      const one = known.get(fingerprint)
      const told = one?.channels[keyOf(to)]
      if (!one || !told || one.incident !== incident) return
      const now = clock.now()
      const arrived = { ...arrive(failureOf(one.alert), told, now / 1000), delivered: true }
      keep({ ...one, channels: { ...one.channels, [keyOf(to)]: arrived } })
      // A repetition is due at another time now.
      due.set(fingerprint, Math.min(due.get(fingerprint) ?? Infinity, now / 1000))
      schedule(now)
    },
    renew(lost) {
      const { incident, notification } = lost
      const key = keyOf(lost)
      const now = clock.now()
      const { fingerprint, severity, labels, status } = notification
      const one = known.get(fingerprint)
      const fires = one?.alert.status === 'firing'
      const plan = plans(labels).find((each) => keyOf(each) === key)
      const waits = plan?.quietHours && isQuiet(plan.quietHours, severity, now) ? 'later' : undefined
      // An end stays true until the alert fires again.
      if (status === 'resolved') return fires ? undefined : (waits ?? notification)
      if (!plan || !fires || one.incident !== incident) return undefined
      if (queue.isTelling(lost, fingerprint, incident) || mutedUntil(one.alert) !== undefined) return 'later'
      return waits ?? toNotification(one.alert, { now, count: one.channels[key]?.count ?? 1 })
    },
    decide() {
      const now = clock.now()
      for (const one of known.all()) look(one, now)
      afterwards(now)
    },
    firing: () => known.all().flatMap(({ alert }) => (alert.status === 'firing' ? [alert] : [])),
    untold: () => {
      const waiting = known.all().filter((one) => isUntold(one) && plans(one.alert.labels).length > 0)
      return new Set(waiting.map(({ alert, incident }) => `${alert.fingerprint}/${incident}`))
    },
    known: known.all,
    endedElsewhere(ends) {
      const now = clock.now()
      for (const [fingerprint, endedAt] of ends) {
        const one = known.get(fingerprint)
        if (one?.alert.status !== 'firing' || one.incident >= endedAt) continue
        keep({ ...one, endedElsewhereAt: now })
        due.set(fingerprint, Math.min(due.get(fingerprint) ?? Infinity, now / 1000))
      }
      schedule(now)
    },
    stop() {
      stopped = true
      cancel()
    },
  }
}

/** The words of the failure that ended are still there, whatever the message about its end has. */
function ended(alert: Alert, before: Alert): Alert {
  return { ...alert, annotations: { ...before.annotations, ...alert.annotations } }
}
