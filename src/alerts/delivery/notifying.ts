import type { Plan } from '../../config/notify/routing.ts'
import type { DurableMap } from '../../lib/io/durable-map.ts'
import { parseAlertState } from './alert-state.ts'
import { parseDelivery, parseUndelivered, type Delivery, type Undelivered } from './delivery.ts'
import { createAlertNotifier, type AlertNotifier, type AlertNotifierOptions } from './notifier.ts'
import { createOutbox, type OutboxEvents, type OutboxOptions } from './outbox.ts'
import { writeBehind } from './write-behind.ts'

export interface NotifyingOptions
  extends
    Pick<AlertNotifierOptions, 'clock' | 'timers' | 'log' | 'forgetAfter' | 'maxPending'>,
    Pick<OutboxOptions, 'outlet' | 'random' | 'drainMs'> {
  /** The state file. */
  readonly map: DurableMap
  readonly plans: (labels: Readonly<Record<string, string>>) => readonly Plan[]
  readonly events: OutboxEvents
}

/** The notifier at work: decides, delivers, and remembers both. */
export interface Notifying extends Pick<AlertNotifier, 'accept' | 'decide' | 'untold'> {
  /** What is on its way. */
  readonly pending: () => readonly Delivery[]
  /** What was given up, the oldest first. */
  readonly undelivered: () => readonly Undelivered[]
  /** Notifications that were delivered since the start. */
  readonly delivered: () => number
  /** Lets deliveries finish. Safe to call twice. */
  readonly stop: () => Promise<void>
}

/** Takes up what the state file says, and goes on from there. */
export function startNotifying(options: NotifyingOptions): Notifying {
  const { map, clock, timers, log, plans, events, outlet, random, drainMs } = options
  const state = writeBehind(map)
  const read = <T>(prefix: string, parse: (json: unknown) => T | undefined): T[] =>
    map.entries(prefix).flatMap(([key, json]) => {
      const value = parse(json)
      if (value === undefined)
        log.warn({ key }, 'skipped an entry of the state file: another version wrote it')
      return value === undefined ? [] : [value]
    })
  let delivered = 0
  const outbox = createOutbox({
    state,
    outlet,
    clock,
    timers,
    log,
    random,
    ...(drainMs !== undefined && { drainMs }),
    pending: read('delivery/', parseDelivery).sort((a, b) => a.id - b.id),
    undelivered: read('undelivered/', parseUndelivered).sort((a, b) => a.gaveUpAt - b.gaveUpAt),
    events: {
      ...events,
      delivered(delivery) {
        events.delivered(delivery)
        delivered++
        const { channel, incident, notification } = delivery
        if (notification.status === 'firing') notifier.delivered(channel, notification.fingerprint, incident)
      },
    },
  })
  const notifier = createAlertNotifier({
    state,
    outbox,
    plans,
    clock,
    timers,
    log,
    alerts: read('alert/', parseAlertState),
    ...(options.forgetAfter !== undefined && { forgetAfter: options.forgetAfter }),
    ...(options.maxPending !== undefined && { maxPending: options.maxPending }),
  })
  outbox.start()
  notifier.decide()
  return {
    accept: notifier.accept,
    decide: notifier.decide,
    untold: notifier.untold,
    delivered: () => delivered,
    pending: () => outbox.pending(),
    undelivered: () => outbox.undelivered,
    async stop() {
      notifier.stop()
      await outbox.stop()
      await state.flush().catch(() => undefined)
    },
  }
}
