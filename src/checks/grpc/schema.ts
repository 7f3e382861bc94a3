import type { z } from 'zod'
import type { Expanded } from '../../settings/secrets.ts'
import { asText, mapping, seen, value, ValueError, type JsonSchema } from '../../settings/values/value.ts'
import { addressReader, formatAddress, type Address } from '../../net/address.ts'
import { collectInserted, concealNamed } from '../http/settings/secrets.ts'
import { ipProtocolDefaults, ipProtocolShape, type IpProtocol } from '../../net/ip-protocol.ts'
import type { CheckSchema, Concealed, Given } from '../kind.ts'
import { concealNetwork } from '../shared/secrets.ts'
import { conversationShape } from '../tcp/schema.ts'
import type { TlsSettings } from '../../net/tls/settings.ts'

/** A question to the health service of a gRPC server. */
export interface GrpcCheck {
  readonly kind: 'grpc'
  readonly address: Address
  readonly ipProtocol: IpProtocol
  /** Whether the other family is tried if the preferred one has no address. */
  readonly ipProtocolFallback: boolean
  readonly useTls: boolean
  readonly tls: TlsSettings
  /** The service to ask about; empty for the server as a whole. */
  readonly service: string
  /** The host that the call is for, as HTTP/2 names it. Absent: that of the address. */
  readonly authority?: string
  /** Names are in lower case. */
  readonly metadata: Readonly<Record<string, string>>
}

const readAddress = addressReader({ example: 'api.example.com:50051' })

function readService(input: unknown): string | null {
  if (input === null) return null
  const name = asText(input)
  if (!/^[A-Za-z0-9_./-]{0,255}$/.test(name)) {
    throw new ValueError(`${seen} is not a valid service name: expected one such as shop.v1.Checkout`)
  }
  return name
}

function readAuthority(input: unknown): string | null {
  if (input === null) return null
  const authority = asText(input)
  if (!/^(?:[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/.test(authority)) {
    throw new ValueError(
      `${seen} is not a valid authority: expected a host such as api.example.com, or one with a port`,
    )
  }
  return authority
}

/** Those that say how a call is made: what is written here would contradict what is done. */
const ownMetadata = new Set(['te', 'content-type', 'user-agent', 'host', 'connection', 'content-length'])

/** What a name may be made of: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, Custom-Metadata. */
function checkMetadataName(name: string): void {
  if (!/^[0-9A-Za-z_.-]+$/.test(name))
    throw new ValueError('is not a valid metadata name: only letters, digits and _-.')
  const lower = name.toLowerCase()
  if (lower.startsWith('grpc-') || ownMetadata.has(lower)) {
    throw new ValueError('this metadata is set by Probity itself: remove it')
  }
}

function readMetadata(input: unknown): string | null {
  if (input === null) return null
  const text = asText(input)
  if (!/^[\x20-\x7e]*$/.test(text)) {
    throw new ValueError(
      'contains a character that is not allowed in metadata: only ASCII, without line breaks',
    )
  }
  return text
}

const textOrNothing: JsonSchema = { type: ['string', 'null'] }

const shape = {
  grpc: value(readAddress, {
    type: 'string',
    description: '`host:port` of a gRPC server whose health service is queried.',
  }).optional(),
  service: value(readService, {
    ...textOrNothing,
    description: 'The service to ask about; `~` removes an inherited one. Default: the server as a whole.',
  }).optional(),
  authority: value(readAuthority, {
    ...textOrNothing,
    description: 'The host that the call is for; `~` removes an inherited one. Default: `host:port`.',
  }).optional(),
  metadata: mapping(checkMetadataName, value(readMetadata, textOrNothing), {
    description: 'Metadata of the call, by name; `~` removes an inherited one. Default: none.',
  }).optional(),
  use_tls: conversationShape.use_tls,
  tls: conversationShape.tls,
  ...ipProtocolShape,
}

/** What the health service says is either SERVING or a failure. */
const expectShape = {}

type Parsed = { readonly [K in keyof typeof shape]: z.output<(typeof shape)[K]> }
type GrpcSettings = Given<Parsed, 'grpc' | 'use_tls' | 'tls' | 'ip_protocol' | 'ip_protocol_fallback'> &
  Pick<Parsed, 'service' | 'authority' | 'metadata'>

function toCheck(settings: GrpcSettings): GrpcCheck {
  const { metadata = {}, service, authority } = settings
  const pairs = Object.entries(metadata).filter((pair): pair is [string, string] => pair[1] !== null)
  return {
    kind: 'grpc',
    address: settings.grpc,
    ipProtocol: settings.ip_protocol,
    ipProtocolFallback: settings.ip_protocol_fallback,
    useTls: settings.use_tls,
    tls: settings.tls,
    service: service ?? '',
    ...(typeof authority === 'string' && { authority }),
    metadata: Object.fromEntries(pairs.map(([name, text]) => [name.toLowerCase(), text])),
  }
}

function conceal(written: Readonly<Record<string, unknown>>, expand: (text: string) => Expanded): Concealed {
  const address = formatAddress(readAddress(expand(String(written['grpc'])).value))
  const base = concealNetwork(written, address, expand)
  const { metadata } = written
  if (typeof metadata !== 'object' || metadata === null) return base
  const secrets = new Set(base.secrets)
  collectInserted(metadata, expand, secrets)
  const shown = concealNamed(metadata as Record<string, unknown>, expand, secrets)
  secrets.delete('')
  return { ...base, shown: { ...base.shown, metadata: shown }, secrets: [...secrets] }
}

export const grpcSchema: CheckSchema<typeof shape, typeof expectShape, GrpcSettings, GrpcCheck> = {
  key: 'grpc',
  shape,
  expectShape,
  defaults: { use_tls: false, tls: { verify: true }, ...ipProtocolDefaults },
  toCheck,
  conceal,
}
