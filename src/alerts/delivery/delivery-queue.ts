import { setMaxListeners } from 'node:events'
import { DeliveryError, type Notification } from '../../channels/channel.ts'
import { messageOf } from '../../lib/errors.ts'
import { channelPaces } from './channel-paces.ts'
import type { Delivery, Undelivered } from './delivery.ts'
import { createLines } from './lines.ts'
import { begun, together, type Message } from './message.ts'
import { messageGroups } from './message-groups.ts'
import type { Destination } from './destination.ts'
import { createOwed } from './owed.ts'
import type { Pace } from './pace.ts'
import type { DeliveryQueue, DeliveryQueueOptions } from './queue.ts'
import { afterFailure, isAboutTheText, isFinal } from './retry.ts'
import { urgentSince } from './urgency.ts'

/** Milliseconds that an attempt may take to end once it is cut; what takes longer is left behind. */
const abandonMs = 3000

/**
 * Delivers notifications: of one alert on one channel in their order, otherwise side by side within the channel's limits.
 * Every step is in the state file, so that a process that is killed loses none, and repeats at most what was under way. While
 * that file cannot be written they are delivered from memory.
 */
export function createDeliveryQueue(options: DeliveryQueueOptions): DeliveryQueue {
  const { state, openChannel, events, clock, timers, log, random, drainMs = 2500 } = options
  const queue = new Map<number, Delivery>()
  const lines = createLines()
  const { undelivered = [], renew = () => undefined, gate } = options
  const owed = createOwed({ state, undelivered, renew })
  const { settingsOf, paceOf } = channelPaces(openChannel, random)
  const groups = messageGroups(settingsOf)
  const underway = new Map<number, Promise<void>>()
  const ending = new AbortController()
  // As many listen as there are deliveries at a time, which is not a leak.
  setMaxListeners(0, ending.signal)
  let lastId = Math.max(0, ...undelivered.map(({ id }) => id))
  let running = false
  let stopping: Promise<void> | undefined
  let cancel = (): void => undefined
  let wakeAt = Infinity

  for (const delivery of options.pending ?? []) {
    lastId = Math.max(lastId, delivery.id)
    if (delivery.underway) events.repeated(delivery.channel)
    keep({ ...delivery, underway: false })
  }

  function keep(delivery: Delivery): void {
    queue.set(delivery.id, delivery)
    lines.keep(delivery)
    state.set(`delivery/${delivery.id}`, delivery)
  }

  function drop(delivery: Delivery): void {
    queue.delete(delivery.id)
    lines.drop(delivery)
    state.set(`delivery/${delivery.id}`, undefined)
  }

  /** Tries once more what was given up, unless an earlier process has begun to. */
  function makeUp(lost: Undelivered, notification: Notification): void {
    if ([...queue.values()].some(({ owes }) => owes === lost.id)) return
    const { channel, recipient, incident, createdAt, attempts, error } = lost
    const to = { channel, ...(recipient !== undefined && { recipient }) }
    const known = { ...to, incident, createdAt, attempts, lastError: error, owes: lost.id }
    keep({ ...known, id: ++lastId, notification, retryAt: 0, underway: false, onlyIfTold: false })
  }

  /** Begins whatever may begin, and comes back when the next one may. */
  function pump(): void {
    if (!running) return
    const now = clock.now()
    for (const [lost, notification] of owed.due(now)) makeUp(lost, notification)
    const busy = new Map<string, number>()
    for (const id of underway.keys()) count(busy, queue.get(id)?.channel)
    let next = owed.nextAt()
    settleOthers()
    const waiting = lines.heads().filter((delivery) => !underway.has(delivery.id) && isOurs(delivery))
    for (const delivery of waiting) {
      if (underway.has(delivery.id)) continue
      const pace = paceOf(delivery.channel)
      const since = urgentSince(delivery)
      const free = pace.freeAt(now, busy.get(delivery.channel) ?? 0, since)
      const at = Math.max(delivery.retryAt, free, groups.readyAt(delivery, now))
      if (at > now) {
        next = Math.min(next, at)
        continue
      }
      const mates = groups.matesOf(
        delivery,
        waiting.filter(({ id }) => !underway.has(id)),
        now,
      )
      const message: Message = [newestInLine(delivery), ...mates.map(newestInLine)]
      pace.began(now, since !== undefined)
      groups.began(message, now)
      count(busy, delivery.channel)
      const work = attempt(message, pace).finally(() => {
        for (const { id } of message) underway.delete(id)
        pump()
      })
      for (const { id } of message) underway.set(id, work)
    }
    wakeUpAt(next, now)
  }

  /** The end in the line of a delivery, unless it is that itself. */
  function endBehind(delivery: Delivery): Delivery | undefined {
    const last = lines.of(delivery, delivery.notification.fingerprint).at(-1)
    return last && last.id !== delivery.id && last.notification.status === 'resolved' ? last : undefined
  }

  const isOurs = (delivery: Delivery): boolean =>
    !gate || gate.verdict(delivery, endBehind(delivery)) === 'send'

  /** Drops what was sent from elsewhere; what waits behind it may have been, too. */
  function settleOthers(): void {
    for (let settled = gate !== undefined; settled;) {
      settled = false
      for (const delivery of lines.heads()) {
        if (underway.has(delivery.id) || gate?.verdict(delivery, endBehind(delivery)) !== 'settle') continue
        passOn(delivery)
        events.settled?.(delivery)
        settled = true
      }
    }
  }

  /** What became of a grouped alert while its group waited is all that the message says of it: what it overtakes is dropped. */
  function newestInLine(first: Delivery): Delivery {
    if (!groups.isGrouped(first)) return first
    const line = lines.of(first, first.notification.fingerprint)
    if (line.some(({ owes }) => owes !== undefined)) return first
    for (const overtaken of line.slice(0, -1)) drop(overtaken)
    return line.at(-1) ?? first
  }

  function wakeUpAt(at: number, now: number): void {
    if (at >= wakeAt && wakeAt > now) return
    cancel()
    wakeAt = at
    if (at !== Infinity)
      cancel = timers.after(at - now, () => {
        wakeAt = Infinity
        pump()
      })
  }

  /** @param queued What one message is about; all of it goes to one destination. */
  async function attempt(queued: Message, pace: Pace): Promise<void> {
    const now = clock.now()
    const message = begun(queued, now)
    for (const delivery of message) keep(delivery)
    // Without a note of it, it is sent again after a restart: twice is better than never.
    await state.flush().catch(() => undefined)
    // The disk may have taken long: somebody else may have been asked to send it meanwhile.
    if (!message.every(isOurs)) {
      for (const delivery of queued) keep({ ...delivery, underway: false })
      return
    }
    const [{ channel: name, recipient, attempts }] = message
    if (attempts > 1) events.retried(name)
    try {
      const channel = openChannel(name)?.channel
      if (channel === undefined) throw new DeliveryError(`there is no channel ${name}`, { retry: true })
      await channel.deliver(together(message, gate?.remark()), ending.signal, recipient)
      pace.succeeded()
      for (const delivery of message) settle(delivery)
    } catch (error) {
      // Cut by stop(): nobody knows whether it arrived. It stays under way, for the next process.
      if (ending.signal.aborted) return
      if (!isFinal(error))
        pace.failed(clock.now(), error instanceof DeliveryError ? error.retryAfterSeconds : undefined)
      groups.failed(message)
      if (message.length > 1 && isAboutTheText(error)) separate(message, error)
      else for (const delivery of message) fail(delivery, error)
    }
    await state.flush().catch(() => undefined)
  }

  function settle(delivery: Delivery): void {
    passOn(delivery)
    owed.arrived(delivery)
    gate?.arrived(delivery)
    events.delivered(delivery)
  }

  /** Its receiver has it: the end may follow. */
  function passOn(delivery: Delivery): void {
    drop(delivery)
    for (const other of followers(delivery)) keep({ ...other, onlyIfTold: false })
  }

  /** One bad text must not lose the others: each is sent by itself, and given up by itself. */
  function separate(message: Message, error: unknown): void {
    const [{ channel }] = message
    const why = messageOf(error)
    log.warn(
      { channel, alerts: message.length },
      `a message about a group was refused, will be sent one by one: ${why}`,
    )
    for (const delivery of message)
      keep({ ...delivery, underway: false, alone: true, retryAt: 0, lastError: why })
  }

  function fail(delivery: Delivery, error: unknown): void {
    const now = clock.now()
    const message = messageOf(error)
    const settings = settingsOf(delivery.channel)
    const policy = delivery.owes === undefined ? settings : { ...settings, maxAttempts: 1 }
    const failed = { attempts: delivery.attempts, firstAt: delivery.firstAt ?? now, error }
    const verdict = afterFailure(policy, failed, now, random)
    const fields = { channel: delivery.channel, alertname: delivery.notification.alertname }
    if ('retryAt' in verdict) {
      log.warn({ ...fields, attempts: delivery.attempts }, `not delivered, will be retried: ${message}`)
      keep({ ...delivery, underway: false, retryAt: verdict.retryAt, lastError: message })
      return
    }
    const lost = { ...delivery, underway: false, gaveUpAt: now, error: verdict.giveUp }
    drop(delivery)
    for (const other of followers(delivery)) if (other.onlyIfTold) drop(other)
    owed.gaveUp(lost, isFinal(error), now)
    if (delivery.owes !== undefined) return
    log.error({ ...fields, target: delivery.notification.target }, `given up: ${verdict.giveUp}`)
    events.gaveUp(lost)
  }

  /** What waits for the same incident at the same destination. */
  function followers({ id, incident, notification, ...to }: Delivery): Delivery[] {
    return about(to, notification.fingerprint, incident).filter((other) => other.id > id)
  }

  function about(to: Destination, fingerprint: string, incident: number): Delivery[] {
    return lines.of(to, fingerprint).filter((each) => each.incident === incident)
  }

  async function stop(): Promise<void> {
    running = false
    cancel()
    await new Promise<void>((resolve) => {
      const cut = timers.after(drainMs, () => {
        ending.abort()
      })
      const leave = timers.after(drainMs + abandonMs, resolve)
      void Promise.all(underway.values()).then(() => {
        cut()
        leave()
        resolve()
      })
    })
    ending.abort()
  }

  return {
    add(delivery) {
      const now = clock.now()
      keep({ ...delivery, id: ++lastId, createdAt: now, attempts: 0, retryAt: 0, underway: false })
    },
    isTelling: (to, fingerprint, incident) =>
      about(to, fingerprint, incident).some(({ notification }) => notification.status === 'firing'),
    withdraw(to, fingerprint, incident) {
      const taken = about(to, fingerprint, incident).filter(
        ({ id, notification }) => notification.status === 'firing' && !underway.has(id),
      )
      for (const each of taken) drop(each)
      return taken.length > 0
    },
    get size() {
      return queue.size
    },
    waiting: () =>
      lines.heads().flatMap((delivery) => {
        const end = endBehind(delivery)
        return underway.has(delivery.id) ? [] : [{ delivery, ...(end && { end }) }]
      }),
    pending: () => [...queue.values()],
    get undelivered() {
      return owed.all
    },
    start() {
      running = true
      pump()
    },
    wake: pump,
    reconsider() {
      owed.reconsider()
      pump()
    },
    stop: () => (stopping ??= stop()),
  }
}

function count(counts: Map<string, number>, key: string | undefined): void {
  if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1)
}
