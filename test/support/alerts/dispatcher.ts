import type { Alert } from '../../../src/alerts/alert.ts'
import { startDispatcher, type Dispatcher } from '../../../src/alerts/delivery/dispatcher.ts'
import type { Destination } from '../../../src/alerts/delivery/destination.ts'
import { DeliveryError, type Notification } from '../../../src/channels/channel.ts'
import type { DeliverySettings, GroupSettings } from '../../../src/config/notify/notify.ts'
import type { Plan } from '../../../src/config/notify/routing.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { anAlert } from './alerts.ts'
import { memoryMap, type MemoryMap } from '../memory-map.ts'
import { testTime, type TestTime } from '../time/timers.ts'

export const start = '2026-11-20T12:00:00Z'

export const exponential: Plan = { channel: 'chat', repeat: { kind: 'exponential' } }

/** An alert that is reported with the plan `exponential` at 0, 37.5, 97.5 ... s. */
export const shop = anAlert({
  fingerprint: 'shop',
  annotations: { summary: 'down', interval: '30', failing_since: String(Date.parse(start) / 1000 - 90) },
})

/** What a channel says that refuses. */
export const refuse = (retry: boolean, retryAfterSeconds?: number) => () =>
  Promise.reject(new DeliveryError('no', { retry, retryAfterSeconds }))

/** A notifier on its own clock, and what a test may change of its world. */
export interface NotifyingRig {
  readonly time: TestTime
  map: MemoryMap
  notifying: Dispatcher
  plans: (Plan & Destination)[]
  /** What the channel says to the next attempts; nothing: it takes them. */
  answers: ((notification: Notification) => Promise<void>)[]
  /** What it says to every other attempt. */
  always: (notification: Notification, recipient?: string) => Promise<void> | undefined
  /** Seconds. */
  giveUpAfter: number
  perMinute: number
  /** Whether an alert may have ended. */
  inDoubt: boolean
  /** Until when an alert is muted, in unix milliseconds; nothing: it is not. */
  muted: (alert: Alert) => number | undefined
  /** How the channel groups. */
  group: GroupSettings | undefined
  /** Every notification as the channel got it. */
  readonly messages: Notification[]
  /** `seconds channel [to recipient] fingerprint status #count Ffailures`, for each notification that arrived. */
  readonly told: string[]
  readonly events: string[]
  readonly restart: () => Promise<void>
  /** As a killed process: nothing is closed, another one reads what is on the disk. */
  readonly killed: () => void
}

/** Starts it with one channel, `chat`. */
export function notifyingRig(): NotifyingRig {
  const time = testTime(start)
  const { clock, timers } = time
  const map = memoryMap()
  let inForce: DeliverySettings
  const rig: Omit<NotifyingRig, 'notifying'> = {
    time,
    map,
    plans: [exponential],
    answers: [],
    always: () => undefined,
    giveUpAfter: 3600,
    perMinute: 6000,
    inDoubt: false,
    muted: () => undefined,
    group: undefined,
    messages: [],
    told: [],
    events: [],
    async restart() {
      await whole.notifying.stop()
      whole.notifying = open()
    },
    killed() {
      whole.notifying = open()
    },
  }
  const whole: NotifyingRig = Object.assign(rig, { notifying: open() })
  return whole

  /** The same object as long as they do not change, as those of a configuration are. */
  function settings(): DeliverySettings {
    const { giveUpAfter, perMinute, group } = rig
    const now = { concurrency: 4, perMinute, giveUpAfter, maxAttempts: 100, ...(group && { group }) }
    if (JSON.stringify(now) !== JSON.stringify(inForce)) inForce = now
    return inForce
  }

  function open(): Dispatcher {
    return startDispatcher({
      map: rig.map,
      clock,
      timers,
      log: createLogger({ destination: { write: () => undefined } }),
      random: () => 1,
      plans: () => rig.plans,
      isInDoubt: () => rig.inDoubt,
      mutedUntil: (alert) => rig.muted(alert),
      openChannel: (name) => ({
        delivery: settings(),
        channel: {
          name,
          async deliver(notification, _signal, recipient) {
            const answer = rig.answers.shift() ?? rig.always
            await answer(notification, recipient)
            rig.messages.push(notification)
            const at = (clock.now() - Date.parse(start)) / 1000
            const counts = `#${notification.alertCount ?? 0} F${notification.failureCount ?? 0}`
            const to = recipient === undefined ? name : `${name} to ${recipient}`
            rig.told.push(`${at} ${to} ${notification.fingerprint} ${notification.status} ${counts}`)
          },
        },
      }),
      events: {
        delivered: () => undefined,
        gaveUp: ({ error }) => rig.events.push(`gave up: ${error}`),
        retried: () => rig.events.push('retried'),
        repeated: () => rig.events.push('repeated'),
      },
    })
  }
}
