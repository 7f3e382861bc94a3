import type { z } from 'zod'
import type { Schedule } from '../../settings/values/schedule.ts'
import type { LabelMatcher } from './matchers.ts'
import type { QuietHours } from './quiet-hours.ts'
import type { Repeat } from './repeat.ts'

/** What the loader has to know of a type of channel; `src/channels` says it. */
export interface ChannelType {
  readonly schema: z.ZodType
  /** Whether Alertmanager can do by itself what these settings ask for. */
  readonly native: (settings: unknown) => boolean
  /** Whether several alerts become one message unless the channel says otherwise. Default: no. */
  readonly grouped?: (settings: unknown) => boolean
  /** Whether it can send reports. Default: no. */
  readonly reports?: boolean
}

export type ChannelTypes = Readonly<Record<string, ChannelType>>

/** Which alerts become one message, in the terms of Alertmanager. Times are seconds. */
export interface GroupSettings {
  /** Labels: alerts for which all of these are equal are one group. */
  readonly by: readonly string[]
  /** How long the first alert of a group waits for others. */
  readonly wait: number
  /** The time between two messages about a group. */
  readonly interval: number
}

/** How a channel's deliveries are made, whatever its type. */
export interface DeliverySettings {
  /** Absent: each alert has a separate message. */
  readonly group?: GroupSettings
  /** Deliveries at the same time. */
  readonly concurrency: number
  /** Deliveries a minute at most. */
  readonly perMinute: number
  /** Seconds after which a delivery that does not succeed is given up. */
  readonly giveUpAfter: number
  /** Attempts after which a delivery that does not succeed is given up. */
  readonly maxAttempts: number
}

/** One way to notify somebody, under the name that routes use. */
export interface ChannelDefinition {
  readonly name: string
  readonly type: string
  /** As the schema of its type read it. */
  readonly settings: unknown
  readonly delivery: DeliverySettings
  /** Whether Alertmanager delivers it by itself in the stack; otherwise `probity notifier` does. */
  readonly native: boolean
  /** What `${...}` expanded to: never shown. */
  readonly secrets: readonly string[]
}

/** A channel that is written down but cannot be used, because what it needs is not set. */
export interface LeftOut {
  readonly name: string
  readonly type: string
  /** `SLACK_WEBHOOK_URL is not set`. */
  readonly reason: string
}

export interface Route {
  /** All of them must hold; none: every alert. */
  readonly matchers: readonly LabelMatcher[]
  readonly channels: readonly string[]
  /** Absent: {@link defaultRepeat}. */
  readonly repeat?: Repeat
  readonly quietHours?: QuietHours
  /** Seconds for which an alert has to fire, neither silenced nor acknowledged. Default: none. */
  readonly after?: number
}

/** Another solo that watches the same targets. */
export interface Peer {
  /** Where it is found; a path is a prefix. */
  readonly url: URL
  /** A token of the scope `peer` that it knows. */
  readonly token: string
}

/** A report that is sent by itself. */
export interface ReportDefinition {
  readonly name: string
  /** A report of a schedule is about the time since the one before. */
  readonly when: 'weekly' | 'monthly' | Schedule
  /** A name of the IANA time zone database. */
  readonly timezone: string
  /** The targets it is about; none: all. */
  readonly matchers: readonly LabelMatcher[]
  readonly channels: readonly string[]
  /** An absolute path. Default: none. */
  readonly folder?: string
}

/** Who is notified of what: a whole notify.yml, validated and expanded. It never changes; a reload makes a new one. */
export interface NotifyConfig {
  /** In file order, without `log`, which is always there. */
  readonly channels: readonly ChannelDefinition[]
  readonly leftOut: readonly LeftOut[]
  readonly routes: readonly Route[]
  /** The other solo of a pair. Default: there is none. */
  readonly peers?: readonly Peer[]
  /** Default: there are none. */
  readonly reports?: readonly ReportDefinition[]
  /** Every file that was read, for watching. */
  readonly files: readonly string[]
}

/** The channel that is always there and gets every change: the alerts log. */
export const logChannelName = 'log'

/** Every name that a route or a target may use. */
export function channelNames({ channels, leftOut }: Pick<NotifyConfig, 'channels' | 'leftOut'>): string[] {
  return [logChannelName, ...channels.map(({ name }) => name), ...leftOut.map(({ name }) => name)]
}
