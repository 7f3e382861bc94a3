import * as z from 'zod'
import type { Notification } from '../channel.ts'
import type { CommandStore } from '../command/guard.ts'
import { serialByKey } from '../../lib/time/serial.ts'

const threadSchema = z.object({
  /** Of the first message, which is its number in its channel. */
  ts: z.string(),
  /** The ID of the channel: edits need it where the settings have a name. */
  channel: z.string(),
  /** The alerts that the first message is about, and those of them that fire. */
  alerts: z.array(z.string()),
  open: z.array(z.string()),
})

/** A message and its thread. */
export type SlackThread = z.infer<typeof threadSchema>

/** The threads of a channel. They outlive the process. */
export interface SlackThreads {
  /** Those that one of the alerts belongs to, the newest first. */
  readonly find: (alerts: readonly string[]) => Promise<SlackThread[]>
  /** Stores it in place of the one with the same number. Where the disk does not take it, the next message begins another thread. */
  readonly keep: (thread: SlackThread) => Promise<void>
  readonly forget: (thread: SlackThread) => Promise<void>
}

/** Threads that are remembered, and alerts of all of them; the oldest are forgotten. */
const [maxThreads, maxAlerts] = [200, 5000]

/** The alerts that a notification is about: the same alert, in one firing, has one name. */
export function alertsOf(notification: Notification): string[] {
  return [notification, ...(notification.others ?? [])].map(
    ({ fingerprint, startsAt }) => `${fingerprint}-${startsAt.getTime().toString(36)}`,
  )
}

function newest(threads: readonly SlackThread[]): SlackThread[] {
  let alerts = 0
  const kept = threads.slice(-maxThreads).toReversed()
  const tooMany = kept.findIndex((thread) => (alerts += thread.alerts.length) > maxAlerts)
  return (tooMany < 0 ? kept : kept.slice(0, tooMany)).toReversed()
}

/** @param name Of the channel in notify.yml. */
export function slackThreads(store: CommandStore, name: string): SlackThreads {
  const key = `slack/${name}`
  const serial = serialByKey()

  async function read(): Promise<SlackThread[]> {
    const text = await store.get(key)
    try {
      return z.array(threadSchema).parse(JSON.parse(text ?? '[]'))
    } catch {
      return []
    }
  }

  const write = (change: (threads: SlackThread[]) => SlackThread[]): Promise<void> =>
    serial('', async () => {
      const threads = newest(change(await read()))
      await store.set(key, JSON.stringify(threads)).catch(() => undefined)
    })

  const without = (threads: readonly SlackThread[], { ts }: SlackThread): SlackThread[] =>
    threads.filter((one) => one.ts !== ts)

  return {
    async find(alerts) {
      const wanted = new Set(alerts)
      return (await read()).filter((thread) => thread.alerts.some((alert) => wanted.has(alert))).toReversed()
    },
    keep: (thread) =>
      write((threads) => [
        ...without(threads, thread),
        { ...thread, alerts: thread.alerts.slice(-maxAlerts), open: thread.open.slice(-maxAlerts) },
      ]),
    forget: (thread) => write((threads) => without(threads, thread)),
  }
}
