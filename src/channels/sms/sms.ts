import { z } from 'zod'
import { keys } from '../../settings/values/value.ts'
import type { Channel, Notification } from '../channel.ts'
import type { ChannelDependencies } from '../dependencies.ts'
import { text } from '../shared/settings.ts'
import { twilioChannel, twilioShape } from '../shared/twilio.ts'
import { wordsOf } from '../shared/words.ts'
import { toGsm7 } from './gsm7.ts'

const { account_sid, auth_token, to, url } = twilioShape

export const smsSettings = keys({
  type: z.literal('sms').describe('The kind of channel.'),
  account_sid,
  auth_token,
  from: text.describe('A number bought there, a sender name, or the SID of a messaging service (`MG...`).'),
  to,
  url,
})

export type SmsSettings = z.infer<typeof smsSettings>

/** Sends one SMS to each number, through Twilio or what speaks the same. */
export function createSmsChannel(settings: SmsSettings, given: ChannelDependencies): Channel {
  const { from } = settings
  const sender = [from.startsWith('MG') ? 'MessagingServiceSid' : 'From', from] as const
  return twilioChannel(settings, given, {
    resource: 'Messages',
    peer: 'the SMS service',
    things: 'messages',
    parameters: (notification) => [sender, ['Body', smsText(notification)]],
  })
}

/** The essential, within one message. */
export function smsText(notification: Notification): string {
  return toGsm7(wordsOf(notification).short)
}
