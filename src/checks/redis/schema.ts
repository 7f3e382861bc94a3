import type { z } from 'zod'
import { ipProtocolDefaults, ipProtocolShape } from '../../net/ip-protocol.ts'
import { tlsSettings } from '../../net/tls/settings.ts'
import type { Expanded } from '../../settings/secrets.ts'
import type { Pattern } from '../../settings/values/pattern.ts'
import { patternJson, readPattern } from '../../settings/values/scalars.ts'
import { asText, oneOrMany, seen, value, ValueError } from '../../settings/values/value.ts'
import { collectInserted } from '../http/settings/secrets.ts'
import type { CheckSchema, Concealed, Given, Report } from '../kind.ts'
import type { ServiceConnection } from '../shared/service/open.ts'
import { concealService, serviceUrlReader } from '../shared/service/url.ts'

/** A command that is sent to a Redis server, and what is expected of its answer. */
export interface RedisCheck extends ServiceConnection {
  readonly kind: 'redis'
  /** Empty: that of the server's default user. */
  readonly username: string
  /** Empty: none is sent. */
  readonly password: string
  readonly database: number
  /** The command and its arguments. */
  readonly command: readonly string[]
  /** Empty: any answer but an error will do. */
  readonly expect: { readonly reply?: Pattern }
}

const schemes = { redis: { port: 6379, useTls: false }, rediss: { port: 6379, useTls: true } }
const readUrl = serviceUrlReader(
  schemes,
  'redis://cache.example.com or rediss://user:password@cache.example.com:6380/1',
)

function readRedis(input: unknown): ReturnType<typeof readUrl> {
  const url = readUrl(input)
  if (!/^\d{0,4}$/.test(url.path))
    throw new ValueError(`${seen} has a path that is not the number of a database: expected one such as /0`)
  return url
}

function readWord(input: unknown): string {
  const text = asText(input)
  if (text.length > 10_000) throw new ValueError('is longer than 10,000 characters')
  return text
}

const shape = {
  redis: value(readRedis, {
    type: 'string',
    pattern: '^([rR][eE][dD][iI][sS][sS]?://|.*\\$\\{)',
    description:
      'The redis or rediss (TLS) URL of the server, with user, password and the number of a database if needed.',
  }).optional(),
  redis_command: oneOrMany(readWord, { type: 'string', description: 'The command, then its arguments.' })
    .optional()
    .describe('The command to send, with its arguments as a list: `[LLEN, jobs]`. Default: `PING`.'),
  tls: tlsSettings.optional().describe('With `rediss`: settings for TLS.'),
  ...ipProtocolShape,
}

const expectShape = {
  reply: value(readPattern, {
    ...patternJson,
    description: 'The answer matches this regex. Default: any answer.',
  }).optional(),
}

type Parsed = { readonly [K in keyof typeof shape]: z.output<(typeof shape)[K]> }
type ParsedExpect = { readonly [K in keyof typeof expectShape]: z.output<(typeof expectShape)[K]> }
type RedisSettings = Given<Parsed, keyof Parsed> & { readonly expect: ParsedExpect }

function toCheck(settings: RedisSettings, report: Report): RedisCheck {
  const { address, useTls, username, password, path } = settings.redis
  const { reply } = settings.expect
  const [only = '', ...others] = settings.redis_command
  if (others.length === 0 && /\s/.test(only.trim()))
    report(['redis_command'], 'is one word with spaces: write the arguments as a list, such as [LLEN, jobs]')
  return {
    kind: 'redis',
    address,
    useTls,
    username,
    password,
    database: Number(path),
    command: settings.redis_command,
    ipProtocol: settings.ip_protocol,
    ipProtocolFallback: settings.ip_protocol_fallback,
    tls: settings.tls,
    expect: { ...(reply && { reply }) },
  }
}

/** What is inserted into the command may be a secret, too. */
function conceal(written: Readonly<Record<string, unknown>>, expand: (text: string) => Expanded): Concealed {
  const concealed = concealService(written, 'redis', expand)
  const { redis_command: command, expect } = written
  const secrets = new Set(concealed.secrets)
  collectInserted([command, expect], expand, secrets)
  secrets.delete('')
  return { ...concealed, secrets: [...secrets] }
}

export const redisSchema: CheckSchema<typeof shape, typeof expectShape, RedisSettings, RedisCheck> = {
  key: 'redis',
  shape,
  expectShape,
  defaults: { redis_command: 'PING', tls: { verify: true }, ...ipProtocolDefaults },
  toCheck,
  conceal,
}
