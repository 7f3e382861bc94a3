import type { z } from 'zod'
import { flag } from '../../settings/values/scalars.ts'
import { value } from '../../settings/values/value.ts'
import { addressReader, formatAddress, type Address } from '../../net/address.ts'
import { dialogue, type DialogueStep } from '../shared/dialogue/schema.ts'
import { ipProtocolDefaults, ipProtocolShape, type IpProtocol } from '../../net/ip-protocol.ts'
import type { CheckSchema, Given, Report } from '../kind.ts'
import { concealNetwork } from '../shared/secrets.ts'
import { startTls, startTlsHelp, type StartTls } from '../shared/dialogue/starttls/schema.ts'
import { tlsSettings, type TlsSettings } from '../../net/tls/settings.ts'

/** A connection, and what is said over it. */
export interface TcpCheck {
  readonly kind: 'tcp'
  readonly address: Address
  readonly ipProtocol: IpProtocol
  /** Whether the other family is tried if the preferred one has no address. */
  readonly ipProtocolFallback: boolean
  /** Whether TLS begins with the connection. */
  readonly useTls: boolean
  /** The protocol in which TLS is asked for before the dialogue. Never together with `useTls`. */
  readonly startTls?: StartTls
  readonly tls: TlsSettings
  readonly dialogue: readonly DialogueStep[]
}

const readAddress = addressReader({ example: 'db.example.com:5432' })

/** The keys that say what is said over a connection, whatever carries it. */
export const conversationShape = {
  use_tls: flag.optional().describe('Whether TLS begins with the connection. Default: `false`.'),
  tls: tlsSettings.optional().describe('Settings for TLS, if it is used.'),
  dialogue: dialogue
    .nullable()
    .optional()
    .describe('The dialogue, step by step; `~` removes an inherited one. Default: nothing.'),
}

const shape = {
  tcp: value(readAddress, {
    type: 'string',
    description: '`host:port` to connect to; an IPv6 address in brackets.',
  }).optional(),
  starttls: startTls.nullable().optional().describe(startTlsHelp),
  ...conversationShape,
  ...ipProtocolShape,
}

/** Nothing but what every target has: what is expected of the peer is in its dialogue. */
const expectShape = {}

type Parsed = { readonly [K in keyof typeof shape]: z.output<(typeof shape)[K]> }
type TcpSettings = Given<Parsed, 'tcp' | 'use_tls' | 'tls' | 'ip_protocol' | 'ip_protocol_fallback'> &
  Pick<Parsed, 'starttls' | 'dialogue'>

function toCheck(settings: TcpSettings, report: Report): TcpCheck {
  const steps = settings.dialogue ?? []
  checkTlsOnce(settings, steps, report)
  return {
    kind: 'tcp',
    address: settings.tcp,
    ipProtocol: settings.ip_protocol,
    ipProtocolFallback: settings.ip_protocol_fallback,
    useTls: settings.use_tls,
    ...(settings.starttls && { startTls: settings.starttls }),
    tls: settings.tls,
    dialogue: steps,
  }
}

/** Reports where TLS would begin inside of TLS. */
export function checkTlsOnce(
  { use_tls: useTls, starttls }: Pick<TcpSettings, 'use_tls' | 'starttls'>,
  steps: readonly DialogueStep[],
  report: Report,
): void {
  if (useTls && starttls) report(['starttls'], 'has no effect with use_tls: true: keep one of them')
  const upgrades = steps.filter((step) => step.startTls).length
  const before = useTls || starttls ? 1 : 0
  if (upgrades + before > 1) report(['dialogue'], 'begins TLS a second time: the connection already uses it')
}

export const tcpSchema: CheckSchema<typeof shape, typeof expectShape, TcpSettings, TcpCheck> = {
  key: 'tcp',
  shape,
  expectShape,
  defaults: { use_tls: false, tls: { verify: true }, ...ipProtocolDefaults },
  toCheck,
  conceal: (written, expand) =>
    concealNetwork(written, formatAddress(readAddress(expand(String(written['tcp'])).value)), expand),
}
