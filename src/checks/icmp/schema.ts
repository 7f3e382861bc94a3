import { isIP } from 'node:net'
import type { z } from 'zod'
import { flag, integer } from '../../settings/values/scalars.ts'
import { asText, value } from '../../settings/values/value.ts'
import { addressReader } from '../../net/address.ts'
import { ipProtocolDefaults, ipProtocolShape, type IpProtocol } from '../../net/ip-protocol.ts'
import type { CheckSchema, Given } from '../kind.ts'
import { concealNetwork } from '../shared/secrets.ts'

/** One echo request. */
export interface IcmpCheck {
  readonly kind: 'icmp'
  /** A name or an IP address. */
  readonly host: string
  readonly ipProtocol: IpProtocol
  /** Whether the other family is used where the preferred one has no address. */
  readonly ipProtocolFallback: boolean
  /** Bytes after the header. */
  readonly payloadSize: number
  /** Hops that the request may take. Absent: what the system has. */
  readonly ttl?: number
  readonly dontFragment: boolean
}

const readAddress = addressReader({ example: 'gateway.example.com' })

/** A host and nothing else; one that begins with a hyphen is refused, so that no program takes it for a flag. */
function readHost(input: unknown): string {
  const text = asText(input)
  return readAddress(isIP(text) === 6 ? `[${text}]:1` : `${text}:1`).host
}

const shape = {
  icmp: value(readHost, { type: 'string', description: 'The host to ping.' }).optional(),
  // Below 16 bytes there is no room for the time of sending; 65,507 are as many as IPv4 can carry.
  payload_size: integer(16, 65_507, 'Bytes of payload in the request. Default: `56`.').optional(),
  ttl: integer(1, 255, 'Hops.')
    .nullable()
    .optional()
    .describe('Maximum number of hops; `~` removes an inherited limit. Default: the limit of the system.'),
  dont_fragment: flag.optional().describe('Whether the request must arrive in one piece. Default: `false`.'),
  ...ipProtocolShape,
}

const expectShape = {}

type Parsed = { readonly [K in keyof typeof shape]: z.output<(typeof shape)[K]> }
type IcmpSettings = Given<
  Parsed,
  'icmp' | 'payload_size' | 'dont_fragment' | 'ip_protocol' | 'ip_protocol_fallback'
> &
  Pick<Parsed, 'ttl'>

function toCheck(settings: IcmpSettings): IcmpCheck {
  const { ttl } = settings
  return {
    kind: 'icmp',
    host: settings.icmp,
    ipProtocol: settings.ip_protocol,
    ipProtocolFallback: settings.ip_protocol_fallback,
    payloadSize: settings.payload_size,
    ...(typeof ttl === 'number' && { ttl }),
    dontFragment: settings.dont_fragment,
  }
}

export const icmpSchema: CheckSchema<typeof shape, typeof expectShape, IcmpSettings, IcmpCheck> = {
  key: 'icmp',
  shape,
  expectShape,
  defaults: { payload_size: 56, dont_fragment: false, ...ipProtocolDefaults },
  toCheck,
  conceal: (written, expand) =>
    concealNetwork(written, readHost(expand(String(written['icmp'])).value), expand),
}
