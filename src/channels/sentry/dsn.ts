import type { z } from 'zod'
import { asText, value, ValueError } from '../../settings/values/value.ts'

/** Where a Sentry project takes events. */
export interface SentryDsn {
  /** The envelope endpoint. */
  readonly url: string
  readonly publicKey: string
  /** The DSN as it was given; it is a secret. */
  readonly text: string
}

/**
 * Reads `https://PUBLIC_KEY@HOST/PROJECT_ID`.
 *
 * Source: https://develop.sentry.dev/sdk/foundations/transport/authentication/
 *
 * @throws ValueError
 */
export function parseDsn(text: string): SentryDsn {
  const help = 'expected one such as https://key@o1.ingest.sentry.io/42, from the settings of the project'
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) throw new ValueError(`is not a valid DSN: ${help}`)
  const [, folder = '', project] = /^(.*)\/(\w+)\/?$/.exec(url.pathname) ?? []
  if (!/^\w+$/.test(url.username)) throw new ValueError(`has no key: ${help}`)
  if (project === undefined) throw new ValueError(`has no project: ${help}`)
  return { url: `${url.origin}${folder}/api/${project}/envelope/`, publicKey: url.username, text }
}

/** The DSN of a config file. */
export const dsn: z.ZodType<SentryDsn> = value((input) => parseDsn(asText(input).trim()), {
  type: 'string',
  minLength: 1,
})
