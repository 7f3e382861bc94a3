import type { z } from 'zod'
import { addressReader, formatAddress, type Address } from '../../net/address.ts'
import { ipProtocolDefaults, ipProtocolShape, type IpProtocol } from '../../net/ip-protocol.ts'
import { patternJson, readPattern } from '../../settings/values/scalars.ts'
import type { Pattern } from '../../settings/values/pattern.ts'
import { asText, value } from '../../settings/values/value.ts'
import type { CheckSchema, Given, Report } from '../kind.ts'
import { bytesOf, isBinary } from '../shared/dialogue/bytes.ts'
import { concealNetwork } from '../shared/secrets.ts'

/** A datagram that is sent, and what is expected of the first that comes back. */
export interface UdpCheck {
  readonly kind: 'udp'
  readonly address: Address
  readonly ipProtocol: IpProtocol
  /** Whether the other family is tried if the preferred one has no address. */
  readonly ipProtocolFallback: boolean
  readonly send: Uint8Array
  /** Empty: any answer will do. */
  readonly expect: { readonly reply?: Pattern; readonly replyBytes?: Uint8Array }
}

const readAddress = addressReader({ example: 'server.example.com:1234' })

const shape = {
  udp: value(readAddress, {
    type: 'string',
    description: '`host:port` to send a datagram to; an IPv6 address in brackets.',
  }).optional(),
  send: value(asText, {
    type: 'string',
    description: 'The text of the datagram, exactly as written; `""` is an empty one.',
  }).optional(),
  send_bytes: bytesOf('The bytes of the datagram instead, as hex digits such as `00 ff`.').optional(),
  ...ipProtocolShape,
}

const expectShape = {
  reply: value(readPattern, {
    ...patternJson,
    description: 'The answer matches this regex. Default: any answer.',
  }).optional(),
  reply_bytes: bytesOf(
    'The answer begins with these bytes, as hex digits such as `00 ff`. Default: any answer.',
  ).optional(),
}

type Parsed = { readonly [K in keyof typeof shape]: z.output<(typeof shape)[K]> }
type ParsedExpect = { readonly [K in keyof typeof expectShape]: z.output<(typeof expectShape)[K]> }
type UdpSettings = Given<Parsed, 'udp' | 'ip_protocol' | 'ip_protocol_fallback'> &
  Pick<Parsed, 'send' | 'send_bytes'> & { readonly expect: ParsedExpect }

function toCheck(settings: UdpSettings, report: Report): UdpCheck {
  const { udp: address, send, send_bytes: bytes } = settings
  const { reply, reply_bytes: replyBytes } = settings.expect
  if (send !== undefined && bytes) report(['send_bytes'], 'has no effect with send: keep one of them')
  if (send === undefined && !bytes) {
    report(['udp'], 'nothing answers unless it is asked: write send: or send_bytes:')
  }
  return {
    kind: 'udp',
    address,
    ipProtocol: settings.ip_protocol,
    ipProtocolFallback: settings.ip_protocol_fallback,
    send: bytes ?? bytesOfText(send ?? ''),
    expect: { ...(reply && { reply }), ...(replyBytes && { replyBytes }) },
  }
}

/** What a text stands for, as in a dialogue, but without the end of a line. */
function bytesOfText(text: string): Uint8Array {
  return Buffer.from(text, isBinary(text) ? 'latin1' : 'utf8')
}

export const udpSchema: CheckSchema<typeof shape, typeof expectShape, UdpSettings, UdpCheck> = {
  key: 'udp',
  shape,
  expectShape,
  defaults: ipProtocolDefaults,
  toCheck,
  conceal: (written, expand) =>
    concealNetwork(written, formatAddress(readAddress(expand(String(written['udp'])).value)), expand),
}
