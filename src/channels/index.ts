import type { z } from 'zod'
import type { Channel } from './channel.ts'
import { commandSettings, createCommandChannel } from './command/command.ts'
import type { ChannelDependencies } from './dependencies.ts'
import { createEmailChannel, emailSettings } from './email/email.ts'
import { emailReceiver } from './email/receiver.ts'
import { createPagerdutyChannel, pagerdutySettings } from './pagerduty/pagerduty.ts'
import { pagerdutyReceiver } from './pagerduty/receiver.ts'
import type { Receiver } from './receiver.ts'
import { createSentryChannel, sentrySettings } from './sentry/sentry.ts'
import { createSlackChannel, slackSettings } from './slack/slack.ts'
import { slackReceiver } from './slack/receiver.ts'
import { createSmsChannel, smsSettings } from './sms/sms.ts'
import { createWebhookChannel, webhookSettings } from './webhook/webhook.ts'
import { webhookReceiver } from './webhook/receiver.ts'

/** A kind of channel that notify.yml can have any number of. */
export interface ChannelType<S extends z.ZodType = z.ZodType> {
  /** The whole mapping below the channel's name, `type` included. */
  readonly schema: S
  /**
   * A method, whose parameters TypeScript compares in both directions: so that code which does not know the kind can hand on
   * what the kind's own schema gave it.
   */
  create(settings: z.infer<S>, dependencies: ChannelDependencies): Channel
  /** Whether several alerts become one message by default. Default: no. */
  grouped?(settings: z.infer<S>): boolean
  /** Alertmanager's own receiver for it. Absent: it goes through `probity notifier`. */
  readonly receiver?: Receiver<z.infer<S>>
}

/** Checks each row by itself: `create` must take what its `schema` gives. */
function row<S extends z.ZodType>(type: ChannelType<S>): ChannelType<S> {
  return type
}

const always = (): boolean => true

/** Every kind, by its `type`, except for `log`: there is one, and the notifier opens it (`log.ts`). */
export const channelTypes = {
  command: row({ schema: commandSettings, create: createCommandChannel }),
  email: row({ schema: emailSettings, create: createEmailChannel, grouped: always, receiver: emailReceiver }),
  pagerduty: row({ schema: pagerdutySettings, create: createPagerdutyChannel, receiver: pagerdutyReceiver }),
  sentry: row({ schema: sentrySettings, create: createSentryChannel }),
  slack: row({ schema: slackSettings, create: createSlackChannel, grouped: always, receiver: slackReceiver }),
  sms: row({ schema: smsSettings, create: createSmsChannel, grouped: always }),
  webhook: row({
    schema: webhookSettings,
    create: createWebhookChannel,
    // A body of somebody's own has the values of one alert.
    grouped: ({ body }) => body === undefined,
    receiver: webhookReceiver,
  }),
}
