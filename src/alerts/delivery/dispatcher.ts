import type { DurableMap } from '../../lib/io/durable-map.ts'
import { parseAlertState } from './alert-state.ts'
import {
  parseDelivery,
  parseUndelivered,
  type Delivery,
  type DeliveryEvents,
  type Undelivered,
} from './delivery.ts'
import { createNotificationSchedule } from './notification-schedule.ts'
import type { NotificationSchedule, NotificationScheduleOptions } from './schedule.ts'
import { createDeliveryQueue } from './delivery-queue.ts'
import type { DeliveryQueueOptions } from './queue.ts'
import { parseSent, sentPrefix, type Sent } from '../peers/sent-book.ts'
import type { Peering } from '../peers/peering.ts'
import { writeBehind, type WriteBehind } from './write-behind.ts'

export interface DispatcherOptions
  extends
    Pick<
      NotificationScheduleOptions,
      'plans' | 'clock' | 'timers' | 'log' | 'forgetAfter' | 'maxPending' | 'isInDoubt' | 'mutedUntil'
    >,
    Pick<DeliveryQueueOptions, 'openChannel' | 'random' | 'drainMs'> {
  /** The state file. */
  readonly map: DurableMap
  readonly events: DeliveryEvents
  /** Opens the exchange with another solo, on the state of delivery. Default: nobody else notifies. */
  readonly openPeering?: (state: WriteBehind, sent: readonly Sent[]) => Peering
}

/** The schedule at work: decides, delivers, and remembers both. */
export interface Dispatcher extends Pick<NotificationSchedule, 'accept' | 'firing' | 'untold'> {
  /** The exchange with another solo; absent where there is none. */
  readonly peering?: Peering
  /** What is on its way. */
  readonly pending: () => readonly Delivery[]
  /** What was given up, the oldest first. */
  readonly undelivered: () => readonly Undelivered[]
  /** Decides again about every alert and everything that was given up, because the settings have changed. */
  readonly decide: () => void
  /** Decides again about every alert, because others are muted now. */
  readonly lookAgain: () => void
  /** Notifications that were delivered since the start. */
  readonly delivered: () => number
  /** Lets deliveries finish. Safe to call twice. */
  readonly stop: () => Promise<void>
}

/** Takes up what the state file says, and goes on from there. */
export function startDispatcher(options: DispatcherOptions): Dispatcher {
  const { map, clock, timers, log, plans, events, openChannel, random, drainMs } = options
  const state = writeBehind(map)
  const read = <T>(prefix: string, parse: (json: unknown) => T | undefined): T[] =>
    map.entries(prefix).flatMap(([key, json]) => {
      const value = parse(json)
      if (value === undefined)
        log.warn({ key }, 'skipped an entry of the state file: another version wrote it')
      return value === undefined ? [] : [value]
    })
  let delivered = 0
  const peering = options.openPeering?.(state, read(sentPrefix, parseSent))
  const queue = createDeliveryQueue({
    state,
    openChannel,
    clock,
    timers,
    log,
    random,
    ...(drainMs !== undefined && { drainMs }),
    ...(peering && { gate: peering.gate }),
    pending: read('delivery/', parseDelivery).sort((a, b) => a.id - b.id),
    undelivered: read('undelivered/', parseUndelivered).sort((a, b) => a.gaveUpAt - b.gaveUpAt),
    renew: (lost) => schedule.renew(lost),
    events: {
      ...events,
      delivered(delivery) {
        events.delivered(delivery)
        delivered++
        const { incident, notification } = delivery
        if (notification.status === 'firing') schedule.delivered(delivery, notification.fingerprint, incident)
      },
      settled(delivery) {
        const { incident, notification } = delivery
        if (notification.status === 'firing') schedule.delivered(delivery, notification.fingerprint, incident)
      },
    },
  })
  const schedule = createNotificationSchedule({
    state,
    queue,
    plans,
    clock,
    timers,
    log,
    alerts: read('alert/', parseAlertState),
    ...(options.forgetAfter !== undefined && { forgetAfter: options.forgetAfter }),
    ...(options.isInDoubt && { isInDoubt: options.isInDoubt }),
    ...(options.mutedUntil && { mutedUntil: options.mutedUntil }),
    ...(options.maxPending !== undefined && { maxPending: options.maxPending }),
  })
  queue.start()
  schedule.decide()
  peering?.start({ ...queue, known: schedule.known, endedElsewhere: schedule.endedElsewhere })
  return {
    accept: schedule.accept,
    decide() {
      queue.reconsider()
      schedule.decide()
    },
    lookAgain: schedule.decide,
    firing: schedule.firing,
    // One that stands by knows of alerts that the other one has not decided on yet, or never will.
    untold: () => (peering?.view().role === 'standby' ? new Set() : schedule.untold()),
    ...(peering && { peering }),
    delivered: () => delivered,
    pending: () => queue.pending(),
    undelivered: () => queue.undelivered,
    async stop() {
      schedule.stop()
      await queue.stop()
      await peering?.stop()
      await state.flush().catch(() => undefined)
    },
  }
}
