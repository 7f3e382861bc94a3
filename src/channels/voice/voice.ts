import { z } from 'zod'
import { flag } from '../../settings/values/scalars.ts'
import { keys } from '../../settings/values/value.ts'
import type { Channel, Notification } from '../channel.ts'
import type { ChannelDependencies } from '../dependencies.ts'
import { escapeHtml } from '../shared/markup.ts'
import { matching } from '../shared/settings.ts'
import { twilioChannel, twilioShape } from '../shared/twilio.ts'
import { wordsOf } from '../shared/words.ts'

const { account_sid, auth_token, to, url } = twilioShape

export const voiceSettings = keys({
  type: z.literal('voice').describe('The kind of channel.'),
  account_sid,
  auth_token,
  from: matching('phone number with its country, such as "+4930123456"', /^\+[1-9]\d{6,14}$/).describe(
    'A number bought there, or one that was verified.',
  ),
  to,
  language: matching('language: expected one such as en-GB', /^[a-z]{2}-[A-Z]{2}$/)
    .default('en-GB')
    .describe('The language in which the text is read out. Default: `en-GB`.'),
  send_resolved: flag
    .default(false)
    .describe('Whether people are also called at the end of an alert. Default: `false`.'),
  url,
})

export type VoiceSettings = z.infer<typeof voiceSettings>

/**
 * Calls each number and reads the essential out, twice. That a call was begun is all that Twilio says at once.
 *
 * Source: https://www.twilio.com/docs/voice/api/call-resource (Twiml of at most 4,000 characters, error 32018) and
 * https://www.twilio.com/docs/voice/twiml/say
 */
export function createVoiceChannel(settings: VoiceSettings, given: ChannelDependencies): Channel {
  const { from, language, send_resolved: sendResolved } = settings
  return twilioChannel(settings, given, {
    resource: 'Calls',
    peer: 'the voice service',
    things: 'calls',
    skips: ({ status }) => status === 'resolved' && !sendResolved,
    parameters: (notification) => [
      ['From', from],
      ['Twiml', voiceTwiml(notification, language)],
    ],
  })
}

/** What is said, as TwiML. Addresses and symbols would be spelt out. */
function voiceTwiml(notification: Notification, language: string): string {
  const said = wordsOf(notification)
    .short.replace(/https?:\/\/\S+/g, ' ')
    .replace(/[^\p{L}\p{N}\s.,:;!?%()-]/gu, ' ')
    .replace(/\s+/g, ' ')
  const say = `<Say language="${language}" loop="2">${escapeHtml(`Probity. ${said.trim()}.`)}</Say>`
  return `<Response><Pause length="1"/>${say}</Response>`
}
