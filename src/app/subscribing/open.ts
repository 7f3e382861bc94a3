import type { Request, Router } from 'express'
import type { Config } from '../../config/config.ts'
import type { NotifyConfig } from '../../config/notify/notify.ts'
import type { PublicPage } from '../../config/public-page.ts'
import { listSubscribers, removeSubscribers } from '../../history/subscribers/subscribers.ts'
import { messageOf, ProbityError } from '../../lib/errors.ts'
import { subscribersRoute } from '../../web/api/subscribers.ts'
import type { Subscribing } from '../../web/public/subscribe/subscribing.ts'
import type { Recording } from '../recording/recording.ts'
import type { ExporterOptions } from '../start-options.ts'
import { followNotify } from './follow-notify.ts'
import { assertCanSubscribe, startSubscribing, type StartSubscribingOptions } from './subscribing.ts'

type Surroundings = Pick<StartSubscribingOptions, 'env' | 'clock' | 'timers' | 'log'>

export interface SubscribingParts extends Pick<StartSubscribingOptions, 'source' | 'posts' | 'location'> {
  readonly config: () => Pick<Config, 'publicPages'>
  /** Absent where results are not stored. */
  readonly recording: Pick<Recording, 'history'> | undefined
  readonly access: Pick<StartSubscribingOptions, 'addressOf'>
}

/** Subscriptions of a process, which may have none. */
export interface OpenedSubscribing {
  /** Absent where nobody can subscribe here. */
  readonly subscribing?: Subscribing
  /** What commands ask. @param isKnown Whether a request comes from somebody who may see the addresses. */
  readonly routes: (isKnown: (request: Request) => boolean) => Router[]
  /** Says in the log what cannot be used of the configuration now in force. */
  readonly configChanged: () => void
  readonly stop: () => Promise<void>
}

/**
 * Opens the subscriptions of the public pages of a process.
 *
 * @param notify notify.yml, where this process has read it already. Default: its file is followed.
 * @throws ProbityError `SUBSCRIBE_UNUSABLE` where a page has subscriptions that cannot work here.
 */
export function openSubscribing(
  { externalUrl, notify: notifyFile }: Pick<ExporterOptions, 'externalUrl' | 'notify'>,
  notify: (() => NotifyConfig | undefined) | undefined,
  { config, recording, access, ...parts }: SubscribingParts,
  surroundings: Surroundings,
): OpenedSubscribing {
  const history = recording?.history
  const pages = (): readonly PublicPage[] => config().publicPages ?? []
  const has = { history: history !== undefined, externalUrl: externalUrl !== undefined }
  assertCanSubscribe(pages(), has)
  const followed = notify || !notifyFile || !history ? undefined : followNotify(notifyFile, surroundings)
  // Read before the first visitor comes, who would find no form.
  const readChannels = (): void => {
    if (pages().some((page) => page.subscribe)) followed?.current()
  }
  const configChanged = (): void => {
    readChannels()
    try {
      assertCanSubscribe(pages(), has)
    } catch (error) {
      surroundings.log.error(messageOf(error))
    }
  }
  if (!history) return { routes: () => [], configChanged, stop: () => Promise.resolve() }
  const routes = (isKnown: (request: Request) => boolean): Router[] => [
    subscribersRoute({
      isKnown,
      list: (asked) => stored(() => listSubscribers(history.sql, asked)),
      remove: (asked) => stored(() => removeSubscribers(history.sql, asked)),
    }),
  ]
  readChannels()
  const subscribing = startSubscribing({
    ...parts,
    ...surroundings,
    pages,
    addressOf: access.addressOf,
    history,
    externalUrl,
    notify: notify ?? (() => followed?.current()),
  })
  return {
    subscribing,
    routes,
    configChanged,
    async stop() {
      await subscribing.stop()
      await followed?.stop()
    },
  }
}

async function stored<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new ProbityError('SUBSCRIBERS_UNAVAILABLE', `the database does not answer: ${messageOf(cause)}`, {
      cause,
    })
  }
}
