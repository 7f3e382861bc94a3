import type { Clock } from '../../lib/time/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Timers } from '../../lib/time/timers.ts'
import type { OpenChannel } from './channel-paces.ts'
import type { Delivery, DeliveryEvents, NewDelivery, Undelivered } from './delivery.ts'
import type { Destination } from './destination.ts'
import type { DeliveryGate } from '../peers/gate.ts'
import type { OwedOptions } from './owed.ts'
import type { WriteBehind } from './write-behind.ts'

export interface DeliveryQueueOptions {
  readonly state: WriteBehind
  /** Nothing where there is no such channel now. */
  /** Who decides what is sent from here. Default: all of it is. */
  readonly gate?: DeliveryGate
  readonly openChannel: (name: string) => OpenChannel | undefined
  readonly events: DeliveryEvents
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
  /** 0 to 1. */
  readonly random: () => number
  /** What an earlier process left behind. */
  readonly pending?: readonly Delivery[]
  readonly undelivered?: readonly Undelivered[]
  /** Asked before something that was given up is tried again. Default: it is no longer true. */
  readonly renew?: OwedOptions['renew']
  /** Milliseconds that `stop` lets attempts finish before it cuts them. Default 2,500. */
  readonly drainMs?: number
}

/** Notifications on their way. */
export interface DeliveryQueue {
  /** Takes a notification; it is on the disk with the next flush of the state. */
  readonly add: (delivery: NewDelivery) => void
  /** Whether a beginning of this incident is still on its way. */
  readonly isTelling: (to: Destination, fingerprint: string, incident: number) => boolean
  /** Takes back the beginning of this incident unless it is being sent now. @returns Whether there was one. */
  readonly withdraw: (to: Destination, fingerprint: string, incident: number) => boolean
  readonly size: number
  /** The oldest of each line, unless it is being sent, with the end that waits behind it. */
  readonly waiting: () => { readonly delivery: Delivery; readonly end?: Delivery }[]
  readonly pending: () => readonly Delivery[]
  /** The newest last. */
  readonly undelivered: readonly Undelivered[]
  readonly start: () => void
  /** Lets attempts finish, then cuts them; what did not arrive is in the state. Safe to call twice. */
  readonly stop: () => Promise<void>
  /** Looks for what can be delivered now. */
  readonly wake: () => void
  /** The same, and tries everything that was given up once more: the channels may have changed. */
  readonly reconsider: () => void
}
