import type { Channel, Notification } from '../channel.ts'
import { defaultTimeoutMs, type ChannelDependencies } from '../dependencies.ts'
import { sendFitting } from './essential.ts'
import { deliverHttp, type HttpDelivery } from './http-delivery.ts'

/** A request that says one notification. */
export interface HttpMessage {
  readonly url: string
  /** Default POST. */
  readonly method?: 'POST' | 'PUT'
  readonly headers?: Readonly<Record<string, string>>
  /** What becomes JSON; parameters become a form. */
  readonly body: object
}

/** What a request may need besides the notification and the settings. */
export interface HttpContext {
  /** The channel's name in notify.yml. */
  readonly name: string
  /** Milliseconds since 1970. */
  readonly now: number
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * A kind of channel that makes one request for each notification. The frame adds the rest: deadlines, what is worth a retry, how
 * long to wait, a shorter text where the first was refused, and what is never shown.
 */
export interface HttpKind<S> extends Pick<HttpDelivery, 'success' | 'retryAfter' | 'refusal'> {
  /** Who is asked, as people call it. */
  readonly peer: string
  /** What lets others in who know it. */
  readonly secrets: (settings: S) => readonly (string | undefined)[]
  /** A notification that nobody is notified of. Default: none. */
  readonly skips?: (notification: Notification, settings: S) => boolean
  readonly message: (notification: Notification, settings: S, context: HttpContext) => HttpMessage
}

/** Makes the channels of a kind. */
export function httpChannel<S>(kind: HttpKind<S>): (settings: S, given: ChannelDependencies) => Channel {
  return (settings, { name, clock, env, timeoutMs = defaultTimeoutMs, secrets = [] }) => {
    const hidden = [...secrets, ...kind.secrets(settings).filter((secret) => secret !== undefined)]
    const { peer, success, retryAfter, refusal } = kind

    async function send(notification: Notification, signal: AbortSignal): Promise<void> {
      const { url, method, headers, body } = kind.message(notification, settings, {
        name,
        now: clock.now(),
        env,
      })
      const isForm = body instanceof URLSearchParams
      const delivery = {
        peer,
        url,
        ...(method && { method }),
        headers: {
          'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json; charset=utf-8',
          ...headers,
        },
        body: isForm ? body.toString() : JSON.stringify(body),
        ...(success !== undefined && { success }),
        ...(retryAfter && { retryAfter }),
        ...(refusal && { refusal }),
        secrets: hidden,
      }
      await deliverHttp(delivery, { clock, timeoutMs, signal })
    }

    return {
      name,
      async deliver(notification, signal) {
        signal.throwIfAborted()
        if (kind.skips?.(notification, settings)) return
        await sendFitting(notification, (fitting) => send(fitting, signal))
      },
    }
  }
}

/** The parts of a webhook's address that let others post who know them. */
export function secretsOfUrl(url: string): string[] {
  const { username, password, pathname, search, searchParams } = new URL(url)
  const segments = pathname.split('/').filter((segment) => segment.length >= 8)
  return [pathname + search, search, ...searchParams.values(), ...segments, username, password]
}

/** An address with something behind its path, however it ends. */
export function below(url: string, path: string): string {
  return `${url.replace(/\/+$/, '')}/${path}`
}

export function basicAuth(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}
