import type { z } from 'zod'
import type { Channel } from './channel.ts'
import { commandSettings, createCommandChannel } from './command/command.ts'
import type { ChannelDependencies } from './dependencies.ts'
import { createEmailChannel, emailSettings } from './email/email.ts'
import { createPagerdutyChannel, pagerdutySettings } from './pagerduty/pagerduty.ts'
import { createSentryChannel, sentrySettings } from './sentry/sentry.ts'
import { createSlackChannel, slackSettings } from './slack/slack.ts'
import { createSmsChannel, smsSettings } from './sms/sms.ts'
import { createWebhookChannel, webhookSettings } from './webhook/webhook.ts'

/** A kind of channel that notify.yml can have any number of. */
export interface ChannelType<S extends z.ZodType = z.ZodType> {
  /** The whole mapping below the channel's name, `type` included. */
  readonly schema: S
  /**
   * A method, whose parameters TypeScript compares in both directions: so that code which does not know the kind can hand on
   * what the kind's own schema gave it.
   */
  create(settings: z.infer<S>, dependencies: ChannelDependencies): Channel
  /** Whether Alertmanager has a receiver of its own for it. */
  readonly native: boolean
}

/** Checks each row by itself: `create` must take what its `schema` gives. */
function row<S extends z.ZodType>(type: ChannelType<S>): ChannelType<S> {
  return type
}

/** Every kind, by its `type`, except for `log`: there is one, and the notifier opens it (`log.ts`). */
export const channelTypes = {
  command: row({ schema: commandSettings, create: createCommandChannel, native: false }),
  email: row({ schema: emailSettings, create: createEmailChannel, native: true }),
  pagerduty: row({ schema: pagerdutySettings, create: createPagerdutyChannel, native: true }),
  sentry: row({ schema: sentrySettings, create: createSentryChannel, native: false }),
  slack: row({ schema: slackSettings, create: createSlackChannel, native: true }),
  sms: row({ schema: smsSettings, create: createSmsChannel, native: false }),
  webhook: row({ schema: webhookSettings, create: createWebhookChannel, native: true }),
}
