import type { Channel, Notification } from '../channel.ts'
import { defaultTimeoutMs, type ChannelDependencies } from '../dependencies.ts'
import { sendFitting } from '../shared/essential.ts'
import { callSlack, SlackError, type SlackAnswer } from './api.ts'
import { slackMessage, slackReply, slackReport } from './message.ts'
import { alertsOf, slackThreads, type SlackThread } from './threads.ts'

export interface SlackBotSettings {
  readonly token: string
  /** An ID, or a name with `#`. */
  readonly channel: string
  readonly apiUrl: string
}

/** Answers to an edit or a reply whose first message is gone, or is where the bot can no longer write. */
const gone: ReadonlySet<string> = new Set([
  'message_not_found',
  'thread_not_found',
  'cant_update_message',
  'edit_window_closed',
  'channel_not_found',
  'is_archived',
  'not_in_channel',
])

/**
 * Posts as a bot: a message for each incident, which is edited as the incident goes on, and what happens as replies in its thread.
 * Where somebody has deleted the message, the next one begins another thread.
 */
export function createSlackBot(
  { token, channel, apiUrl }: SlackBotSettings,
  { name, clock, timeoutMs = defaultTimeoutMs, secrets = [], store }: ChannelDependencies,
): Channel {
  const hidden = [...secrets, token]
  const threads = slackThreads(store, name)

  const call = (
    method: Parameters<typeof callSlack>[0],
    body: object,
    signal: AbortSignal,
  ): Promise<SlackAnswer> =>
    callSlack(method, body, { token, apiUrl, secrets: hidden }, { clock, timeoutMs, signal })

  async function begin(notification: Notification, signal: AbortSignal): Promise<void> {
    const posted = await call('chat.postMessage', { channel, ...slackMessage(notification) }, signal)
    const { ts, channel: id = channel } = posted
    if (ts === undefined || notification.test) return
    const alerts = alertsOf(notification)
    await threads.keep({ ts, channel: id, alerts, open: notification.status === 'firing' ? alerts : [] })
  }

  async function goOn(notification: Notification, thread: SlackThread, signal: AbortSignal): Promise<void> {
    const { ts, channel: id } = thread
    const own = alertsOf(notification)
    const isFiring = notification.status === 'firing'
    const others = thread.open.filter((alert) => !own.includes(alert))
    // While others of the thread fire, the first message is not about these alone.
    if (others.length === 0) {
      const { text, blocks, attachments } = slackMessage(notification)
      await call('chat.update', { channel: id, ts, text, blocks, attachments }, signal)
    }
    const reply = {
      channel: id,
      thread_ts: ts,
      ...slackReply(notification),
      unfurl_links: false,
      unfurl_media: false,
    }
    await call('chat.postMessage', reply, signal)
    const alerts = [...thread.alerts.filter((alert) => !own.includes(alert)), ...own]
    await threads.keep({ ...thread, alerts, open: isFiring ? [...others, ...own] : others })
  }

  /** Whether it could be said in the thread; one that is gone is forgotten. */
  async function couldGoOn(
    notification: Notification,
    thread: SlackThread,
    signal: AbortSignal,
  ): Promise<boolean> {
    try {
      await goOn(notification, thread, signal)
      return true
    } catch (error) {
      if (!(error instanceof SlackError && gone.has(error.error))) throw error
      await threads.forget(thread)
      return false
    }
  }

  async function send(notification: Notification, signal: AbortSignal): Promise<void> {
    const found = notification.test ? [] : await threads.find(alertsOf(notification))
    let wasSaid = false
    for (const thread of concerned(notification, found))
      if (await couldGoOn(notification, thread, signal)) wasSaid = true
    if (!wasSaid) await begin(notification, signal)
  }

  return {
    name,
    async deliver(notification, signal) {
      signal.throwIfAborted()
      await sendFitting(notification, (fitting) => send(fitting, signal))
    },
    async sendReport(report, signal) {
      await call('chat.postMessage', { channel, ...slackReport(report) }, signal)
    },
  }
}

/**
 * The threads in which a notification is said, of those that it belongs to: the newest, and at the end of alerts all that still
 * show one of them as firing, because alerts that began in several messages can end in one. After a failure, those that have
 * the end already are left alone.
 */
function concerned(notification: Notification, found: readonly SlackThread[]): readonly SlackThread[] {
  const newest = found.slice(0, 1)
  if (notification.status === 'firing') return newest
  const own = new Set(alertsOf(notification))
  const open = found.filter((thread) => thread.open.some((alert) => own.has(alert)))
  return open.length > 0 ? open : newest
}
