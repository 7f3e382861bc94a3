import { z } from 'zod'
import { link } from '../../../settings/values/scalars.ts'
import { keys } from '../../../settings/values/value.ts'
import { cut } from '../../../lib/text/text.ts'
import { DeliveryError } from '../../channel.ts'
import { atMost, atMostBytes, textOf } from '../../shared/fitting.ts'
import type { HttpContext, HttpKind } from '../../shared/http-kind.ts'
import { plainMarkup } from '../../shared/markup.ts'
import { matching, secret } from '../../shared/settings.ts'
import { wordsOf } from '../../shared/words.ts'
import { signed, type AwsKeys } from './sigv4.ts'

const arn = matching(
  'ARN: expected one such as arn:aws:sns:eu-central-1:123456789012:alerts',
  /^arn:[\w-]+:sns:[\w-]+:\d+:\S+$/,
)

const sigv4 = keys({
  region: matching('region: expected one such as eu-central-1', /^[a-z0-9-]+$/)
    .optional()
    .describe('The region. Default: that of the ARN.'),
  access_key: secret
    .optional()
    .describe('The ID of an access key. Default: `AWS_ACCESS_KEY_ID` of the environment.'),
  secret_key: secret
    .optional()
    .describe('Its secret. Never shown. Default: `AWS_SECRET_ACCESS_KEY` of the environment.'),
})

export const snsSettings = keys({
  type: z.literal('sns').describe('The kind of channel.'),
  topic_arn: arn.describe('The topic.'),
  sigv4: sigv4.prefault({}).describe('How requests are signed. Default: with what the environment has.'),
  api_url: link.optional().describe('The address of the API. Default: that of the region.'),
})

export type SnsSettings = z.infer<typeof snsSettings>

/**
 * Publishes to a topic of Amazon SNS, as plain text.
 *
 * Source: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html (256 KiB; a subject is ASCII of up to 100 characters, without
 * line breaks, that begins with a letter, a number or a punctuation mark)
 */
export const sns: HttpKind<SnsSettings> = {
  peer: 'SNS',
  secrets: ({ sigv4: { secret_key: key } }) => [key],
  message(notification, settings, context) {
    const region = regionOf(settings)
    const { topic_arn: topic } = settings
    const body = new URLSearchParams({
      Action: 'Publish',
      Version: '2010-03-31',
      TopicArn: topic,
      Subject: subjectOf(wordsOf(notification).title),
      Message: textOf(notification, plainMarkup, atMostBytes(256 * 1024)),
      ...(topic.endsWith('.fifo') && {
        MessageGroupId: notification.fingerprint,
        MessageDeduplicationId: `${notification.fingerprint}-${notification.status}-${context.now}`,
      }),
    })
    const url = new URL(settings.api_url ?? `https://sns.${region}.amazonaws.com/`)
    const headers = signed(
      { url, body: body.toString(), service: 'sns', region, now: context.now },
      keysOf(settings, context),
    )
    return { url: url.href, headers, body }
  },
}

function regionOf({ topic_arn: topic, sigv4: { region = topic.split(':')[3] ?? '' } }: SnsSettings): string {
  return region
}

function keysOf(
  { sigv4: { access_key: id, secret_key: secretKey } }: SnsSettings,
  { env }: HttpContext,
): AwsKeys {
  const accessKey = id ?? env['AWS_ACCESS_KEY_ID'] ?? ''
  const key = secretKey ?? env['AWS_SECRET_ACCESS_KEY'] ?? ''
  if (accessKey === '' || key === '')
    throw new DeliveryError(
      'SNS: there is no access key: set sigv4.access_key and secret_key, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
      {
        retry: false,
      },
    )
  return { accessKey, secretKey: key, sessionToken: id === undefined ? env['AWS_SESSION_TOKEN'] : undefined }
}

function subjectOf(title: string): string {
  const ascii = title.normalize('NFKD').replace(/[^\x20-\x7e]/g, '')
  const fits = atMost(100)
  return (fits(ascii) ? ascii : `${cut(ascii, 98).slice(0, -1)}...`).trimStart() || 'Alert'
}
