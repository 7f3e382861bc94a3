import type { z } from 'zod'
import type { Channel } from './channel.ts'
import { discord, discordSettings } from './chat/discord/discord.ts'
import { discordReceiver } from './chat/discord/receiver.ts'
import { googleChat, googleChatSettings } from './chat/google-chat/google-chat.ts'
import { matrix, matrixSettings } from './chat/matrix/matrix.ts'
import { mattermost, mattermostSettings } from './chat/mattermost/mattermost.ts'
import { mattermostReceiver } from './chat/mattermost/receiver.ts'
import { msteamsv2, msteamsv2Settings } from './chat/msteamsv2/msteamsv2.ts'
import { msteamsv2Receiver } from './chat/msteamsv2/receiver.ts'
import { rocketchatReceiver } from './chat/rocketchat/receiver.ts'
import { rocketchat, rocketchatSettings } from './chat/rocketchat/rocketchat.ts'
import { telegramReceiver } from './chat/telegram/receiver.ts'
import { telegram, telegramSettings } from './chat/telegram/telegram.ts'
import { webexReceiver } from './chat/webex/receiver.ts'
import { webex, webexSettings } from './chat/webex/webex.ts'
import { commandSettings, createCommandChannel } from './command/command.ts'
import type { ChannelDependencies } from './dependencies.ts'
import { createEmailChannel, emailSettings } from './email/email.ts'
import { emailReceiver } from './email/receiver.ts'
import { incidentio, incidentioSettings } from './incidents/incidentio/incidentio.ts'
import { incidentioReceiver } from './incidents/incidentio/receiver.ts'
import { createJiraChannel, jiraSettings } from './incidents/jira/jira.ts'
import { jiraReceiver } from './incidents/jira/receiver.ts'
import { createPagerdutyChannel, pagerdutySettings } from './pagerduty/pagerduty.ts'
import { pagerdutyReceiver } from './pagerduty/receiver.ts'
import { apprise, appriseSettings } from './push/apprise/apprise.ts'
import { gotify, gotifySettings } from './push/gotify/gotify.ts'
import { ntfy, ntfySettings } from './push/ntfy/ntfy.ts'
import { pushover, pushoverSettings } from './push/pushover/pushover.ts'
import { pushoverReceiver } from './push/pushover/receiver.ts'
import { snsReceiver } from './push/sns/receiver.ts'
import { sns, snsSettings } from './push/sns/sns.ts'
import type { Receiver } from './receiver.ts'
import { createSentryChannel, sentrySettings } from './sentry/sentry.ts'
import { httpChannel, type HttpKind } from './shared/http-kind.ts'
import { createSlackChannel, slackSettings } from './slack/slack.ts'
import { slackReceiver } from './slack/receiver.ts'
import { createSmsChannel, smsSettings } from './sms/sms.ts'
import { createSyslogChannel, syslogSettings } from './syslog/syslog.ts'
import { createVoiceChannel, voiceSettings } from './voice/voice.ts'
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
  /** Whether its channels have `sendReport`. Default: no. */
  readonly reports?: true
  /** Alertmanager's own receiver for it. Absent: it goes through `probity notifier`. */
  readonly receiver?: Receiver<z.infer<S>>
}

/** Checks each row by itself: `create` must take what its `schema` gives. */
function row<S extends z.ZodType>(type: ChannelType<S>): ChannelType<S> {
  return type
}

/** A kind that makes one request for each notification, and has one message for several alerts unless told otherwise. */
function http<S extends z.ZodType>(
  schema: S,
  kind: HttpKind<z.infer<S>>,
  others: Pick<ChannelType<S>, 'grouped' | 'receiver'> = {},
): ChannelType<S> {
  return { schema, create: httpChannel(kind), grouped: always, ...others }
}

const always = (): boolean => true
const never = (): boolean => false

/** Every kind, by its `type`, except for `log`: there is one, and the notifier opens it (`log.ts`). */
export const channelTypes = {
  apprise: http(appriseSettings, apprise),
  command: row({ schema: commandSettings, create: createCommandChannel }),
  discord: http(discordSettings, discord, { receiver: discordReceiver }),
  email: row({
    schema: emailSettings,
    create: createEmailChannel,
    grouped: always,
    reports: true,
    receiver: emailReceiver,
  }),
  google_chat: http(googleChatSettings, googleChat),
  gotify: http(gotifySettings, gotify),
  incidentio: http(incidentioSettings, incidentio, { grouped: never, receiver: incidentioReceiver }),
  jira: row({ schema: jiraSettings, create: createJiraChannel, receiver: jiraReceiver }),
  matrix: http(matrixSettings, matrix),
  mattermost: http(mattermostSettings, mattermost, { receiver: mattermostReceiver }),
  msteamsv2: http(msteamsv2Settings, msteamsv2, { receiver: msteamsv2Receiver }),
  ntfy: http(ntfySettings, ntfy),
  pagerduty: row({ schema: pagerdutySettings, create: createPagerdutyChannel, receiver: pagerdutyReceiver }),
  pushover: http(pushoverSettings, pushover, { receiver: pushoverReceiver }),
  rocketchat: http(rocketchatSettings, rocketchat, { receiver: rocketchatReceiver }),
  sentry: row({ schema: sentrySettings, create: createSentryChannel }),
  slack: row({
    schema: slackSettings,
    create: createSlackChannel,
    grouped: always,
    reports: true,
    receiver: slackReceiver,
  }),
  sms: row({ schema: smsSettings, create: createSmsChannel, grouped: always }),
  sns: http(snsSettings, sns, { receiver: snsReceiver }),
  syslog: row({ schema: syslogSettings, create: createSyslogChannel }),
  telegram: http(telegramSettings, telegram, { receiver: telegramReceiver }),
  voice: row({ schema: voiceSettings, create: createVoiceChannel, grouped: always }),
  webex: http(webexSettings, webex, { receiver: webexReceiver }),
  webhook: row({
    schema: webhookSettings,
    create: createWebhookChannel,
    // A body that somebody wrote has the values of one alert.
    grouped: ({ body }) => body === undefined,
    reports: true,
    receiver: webhookReceiver,
  }),
}
