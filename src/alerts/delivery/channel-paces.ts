import type { Channel } from '../../channels/channel.ts'
import type { DeliverySettings } from '../../config/notify/notify.ts'
import { createPace, type Pace } from './pace.ts'

/** A channel that can be used now, and how. */
export interface OpenChannel {
  readonly channel: Channel
  readonly delivery: DeliverySettings
}

/** How a channel that is not configured is looked for again. */
const absent: DeliverySettings = { concurrency: 1, perMinute: 6000, giveUpAfter: 3600, maxAttempts: 1000 }

/** The settings in force and the pace of each channel. */
export interface ChannelPaces {
  readonly settingsOf: (channel: string) => DeliverySettings
  /** A new one where the settings of the channel have changed. */
  readonly paceOf: (channel: string) => Pace
}

/** @param random 0 to 1. */
export function channelPaces(
  openChannel: (name: string) => OpenChannel | undefined,
  random: () => number,
): ChannelPaces {
  const paces = new Map<string, { readonly settings: DeliverySettings; readonly pace: Pace }>()
  const settingsOf = (channel: string): DeliverySettings => openChannel(channel)?.delivery ?? absent
  return {
    settingsOf,
    paceOf(channel) {
      const settings = settingsOf(channel)
      const known = paces.get(channel)
      if (known?.settings === settings) return known.pace
      const pace = createPace({ ...settings, random })
      paces.set(channel, { settings, pace })
      return pace
    },
  }
}
