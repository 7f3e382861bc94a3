import type { z } from 'zod'
import { ipProtocolDefaults, ipProtocolShape } from '../../net/ip-protocol.ts'
import { tlsSettings } from '../../net/tls/settings.ts'
import type { Expanded } from '../../settings/secrets.ts'
import type { Pattern } from '../../settings/values/pattern.ts'
import { patternJson, readPattern, word } from '../../settings/values/scalars.ts'
import { asText, seen, value, ValueError } from '../../settings/values/value.ts'
import { collectInserted } from '../http/settings/secrets.ts'
import type { CheckSchema, Concealed, Given, Report } from '../kind.ts'
import type { ServiceConnection } from '../shared/service/open.ts'
import { concealService, serviceUrlReader } from '../shared/service/url.ts'

const versions = ['3.1.1', '5'] as const
export type MqttVersion = (typeof versions)[number]

/** A session with a broker, and perhaps a message that is waited for. */
export interface MqttCheck extends ServiceConnection {
  readonly kind: 'mqtt'
  readonly version: MqttVersion
  /** Empty: none is sent. */
  readonly username: string
  /** Empty: none is sent. */
  readonly password: string
  /** What is subscribed to. Absent: nothing. */
  readonly topic?: string
  /** Empty: any message of the topic will do. */
  readonly expect: { readonly message?: Pattern }
}

const schemes = { mqtt: { port: 1883, useTls: false }, mqtts: { port: 8883, useTls: true } }
const readUrl = serviceUrlReader(
  schemes,
  'mqtt://broker.example.com or mqtts://user:password@broker.example.com:8883',
)

function readMqtt(input: unknown): ReturnType<typeof readUrl> {
  const url = readUrl(input)
  if (url.path !== '')
    throw new ValueError(
      `${seen} has a path, which the URL of a broker cannot have: write the topic as topic:`,
    )
  return url
}

/** Section 4.7 of MQTT 5. */
function readTopic(input: unknown): string | null {
  if (input === null) return null
  const text = asText(input)
  const levels = text.split('/')
  const wellFormed = levels.every((level, index) =>
    level === '#' ? index === levels.length - 1 : level === '+' || !/[+#\0]/.test(level),
  )
  if (text === '' || !wellFormed || Buffer.byteLength(text) > 65_535)
    throw new ValueError(`${seen} is not a valid topic: expected one such as sensors/+/state`)
  return text
}

const shape = {
  mqtt: value(readMqtt, {
    type: 'string',
    pattern: '^([mM][qQ][tT][tT][sS]?://|.*\\$\\{)',
    description: 'The mqtt or mqtts (TLS) URL of the broker, with user and password if needed.',
  }).optional(),
  mqtt_version: word(versions)
    .optional()
    .describe("The version of the protocol: `'3.1.1'` or `'5'`, in quotes. Default: `5`."),
  topic: value(readTopic, {
    type: ['string', 'null'],
    description:
      'The topic to subscribe to; the check waits for its first message, usually a retained one. `~` removes an inherited one. Default: none.',
  }).optional(),
  tls: tlsSettings.optional().describe('With `mqtts`: settings for TLS.'),
  ...ipProtocolShape,
}

const expectShape = {
  message: value(readPattern, {
    ...patternJson,
    description: 'The first message of `topic` matches this regex. Default: any message.',
  }).optional(),
}

type Parsed = { readonly [K in keyof typeof shape]: z.output<(typeof shape)[K]> }
type ParsedExpect = { readonly [K in keyof typeof expectShape]: z.output<(typeof expectShape)[K]> }
type MqttSettings = Given<Parsed, Exclude<keyof Parsed, 'topic'>> &
  Pick<Parsed, 'topic'> & { readonly expect: ParsedExpect }

function toCheck(settings: MqttSettings, report: Report): MqttCheck {
  const { address, useTls, username, password } = settings.mqtt
  const { topic, mqtt_version: version } = settings
  const { message } = settings.expect
  if (message && !topic) report(['expect', 'message'], 'has no effect without a topic: write topic:')
  if (version === '3.1.1' && username === '' && password !== '')
    report(['mqtt'], 'has a password without a user name, which MQTT 3.1.1 does not allow')
  return {
    kind: 'mqtt',
    address,
    useTls,
    version,
    username,
    password,
    ...(topic && { topic }),
    ipProtocol: settings.ip_protocol,
    ipProtocolFallback: settings.ip_protocol_fallback,
    tls: settings.tls,
    expect: { ...(message && { message }) },
  }
}

/** What is inserted into the topic may be a secret, too. */
function conceal(written: Readonly<Record<string, unknown>>, expand: (text: string) => Expanded): Concealed {
  const concealed = concealService(written, 'mqtt', expand)
  const { topic, expect } = written
  const secrets = new Set(concealed.secrets)
  collectInserted([topic, expect], expand, secrets)
  secrets.delete('')
  return { ...concealed, secrets: [...secrets] }
}

export const mqttSchema: CheckSchema<typeof shape, typeof expectShape, MqttSettings, MqttCheck> = {
  key: 'mqtt',
  shape,
  expectShape,
  defaults: { mqtt_version: '5', tls: { verify: true }, ...ipProtocolDefaults },
  toCheck,
  conceal,
}
