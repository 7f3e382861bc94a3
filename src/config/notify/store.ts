import type { Clock } from '../../lib/time/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { createReloadingStore, type ReloadingStore } from '../../settings/reload/reloading.ts'
import type { Environment } from '../../settings/secrets.ts'
import type { ForeignFormat } from '../foreign.ts'
import { parseNotify, readNotifySources } from './load.ts'
import type { ChannelTypes, NotifyConfig } from './notify.ts'

export interface NotifyStoreOptions {
  readonly file: string
  /** Whether the file may be missing: then there is only the log. */
  readonly optional: boolean
  readonly types: ChannelTypes
  /** The formats of other programs that are read too. Default: none. */
  readonly foreign?: readonly ForeignFormat[]
  readonly env: Environment
  readonly log: Logger
  /** Default: the machine's. */
  readonly clock?: Clock
}

/** The notify.yml in force, which follows its file. Nothing is read before `start`. */
export function createNotifyStore({
  types,
  foreign = [],
  optional,
  ...options
}: NotifyStoreOptions): ReloadingStore<NotifyConfig> {
  return createReloadingStore({
    ...options,
    read: (path) => readNotifySources(path, optional),
    parse: (sources, how) => parseNotify(sources, { ...how, types, foreign }),
    describe: ({ channels, leftOut, routes }) => ({
      channels: channels.map(({ name }) => name).join(','),
      leftOut: leftOut.map(({ name, reason }) => `${name}: ${reason}`).join('; '),
      routes: routes.length,
    }),
    what: 'notification configuration',
  })
}
