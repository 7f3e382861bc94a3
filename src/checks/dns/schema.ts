import type { Pattern } from '../../settings/values/pattern.ts'
import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import ipaddr from 'ipaddr.js'
import type { z } from 'zod'
import { flag, patternJson, readPattern, word } from '../../settings/values/scalars.ts'
import { asText, keys, oneOrMany, seen, value, ValueError } from '../../settings/values/value.ts'
import { addressReader, formatAddress, type Address } from '../../net/address.ts'
import { recordTypes, responseCodes, wordsOf, type RecordType, type ResponseCode } from './names.ts'
import { ipProtocolDefaults, ipProtocolShape, type IpProtocol } from '../../net/ip-protocol.ts'
import type { CheckSchema, Given } from '../kind.ts'
import { concealNetwork } from '../shared/secrets.ts'
import { tlsSettings, type TlsSettings } from '../../net/tls/settings.ts'

const transports = ['udp', 'tcp', 'dot'] as const
export type DnsTransport = (typeof transports)[number]

/** What the records of one section must look like, in their text form. */
export interface RecordRules {
  /** Each of these matches every record, of which there is at least one. */
  readonly matches: readonly Pattern[]
  /** The same, but a section without records will do. */
  readonly matchesOrEmpty: readonly Pattern[]
  /** Each of these matches at least one record. */
  readonly matchesAny: readonly Pattern[]
  /** One of these matches at least one record. */
  readonly matchesOne: readonly Pattern[]
  /** None of these matches any record. */
  readonly notMatches: readonly Pattern[]
  /** Records that there are at least. */
  readonly minRecords: number
}

export const sections = ['answer', 'authority', 'additional'] as const
export type Section = (typeof sections)[number]

/** A question to a name server, and what is expected of its answer. */
export interface DnsCheck {
  readonly kind: 'dns'
  /** In ASCII, without the dot at its end; empty for the root. */
  readonly name: string
  readonly type: RecordType
  /** Absent: the first server of this machine's own configuration. */
  readonly server?: Address
  readonly transport: DnsTransport
  /** Whether the server should ask others. */
  readonly recursion: boolean
  /** Which of the server's addresses is used. */
  readonly ipProtocol: IpProtocol
  readonly ipProtocolFallback: boolean
  readonly tls: TlsSettings
  readonly expect: {
    readonly rcode: readonly ResponseCode[]
    /** Whether records of another type than `type` count in the answer section, too. */
    readonly otherTypes: boolean
  } & Readonly<Record<Section, RecordRules>>
}

/** The port of a server of which only the host is written: RFC 1035 and RFC 7858. */
export const dnsPorts: Readonly<Record<DnsTransport, number>> = { udp: 53, tcp: 53, dot: 853 }

/** Stands for the port of the transport, which is not known where the server is read. */
const portOfTransport = 53

const readServer = addressReader({
  example: '192.0.2.1 or ns1.example.com:5353',
  defaultPort: portOfTransport,
})

interface Server {
  readonly address: Address
  readonly hasPort: boolean
}

function readServerOrNothing(input: unknown): Server | null {
  if (input === null) return null
  const address = readServer(input)
  const text = asText(input)
  return { address, hasPort: isIP(text) === 0 && /:\d+$/.test(text) }
}

/** RFC 1035, section 2.3.4. Underscores are usual in service names. */
function readName(input: unknown): string {
  const text = asText(input)
  if (isIP(text) !== 0) return reverseName(text)
  const ascii = /^[\x21-\x7e]*$/.test(text) ? text : domainToASCII(text)
  const name = ascii.replace(/\.$/, '')
  const labels = name.split('.')
  const wellFormed = labels.every((label) => /^[A-Za-z0-9_*/-]{1,63}$/.test(label)) && name.length <= 253
  if (text !== '.' && !wellFormed) {
    throw new ValueError(`${seen} is not a valid domain name: expected one such as example.com`)
  }
  return name
}

/** RFC 1035, section 3.5, and RFC 3596, section 2.5. */
function reverseName(address: string): string {
  const parsed = ipaddr.parse(address)
  const bytes = parsed.toByteArray()
  if (parsed.kind() === 'ipv4') return `${bytes.reverse().join('.')}.in-addr.arpa`
  const digits = bytes.flatMap((byte) => [byte >> 4, byte & 15]).map((digit) => digit.toString(16))
  return `${digits.reverse().join('.')}.ip6.arpa`
}

function readCount(input: unknown): number {
  const count = typeof input === 'string' && /^\d{1,4}$/.test(input) ? Number(input) : input
  if (typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= 1000) return count
  throw new ValueError(`${seen} is not a valid number of records: expected one from 0 to 1000`)
}

const patterns = (description: string) => oneOrMany(readPattern, patternJson).optional().describe(description)

type WrittenRules = Omit<RecordRules, 'minRecords'> & Partial<Pick<RecordRules, 'minRecords'>>

const rules = keys({
  matches: patterns('Each of these regexes matches every record, and there is at least one record.'),
  matches_or_empty: patterns('Like `matches`, but it also holds if there is no record.'),
  matches_any: patterns('Each of these regexes matches at least one record.'),
  matches_one: patterns('At least one of these regexes matches at least one record.'),
  not_matches: patterns('None of these regexes matches any record.'),
  min_records: value(readCount, { type: 'integer', minimum: 0, maximum: 1000 })
    .optional()
    .describe(
      'There are at least this many records. Default: `1` in the answer section, unless another rule says otherwise.',
    ),
}).transform((written): WrittenRules => ({
  matches: written.matches ?? [],
  matchesOrEmpty: written.matches_or_empty ?? [],
  matchesAny: written.matches_any ?? [],
  matchesOne: written.matches_one ?? [],
  notMatches: written.not_matches ?? [],
  ...(written.min_records !== undefined && { minRecords: written.min_records }),
}))

const shape = {
  dns: value(readName, {
    type: 'string',
    description: 'The name to look up. An IP address stands for its reverse name; use it with `type: PTR`.',
  }).optional(),
  server: value(readServerOrNothing, {
    type: ['string', 'null'],
    description:
      'The name server to query, with or without a port; `~` removes an inherited one. Default: the first in `/etc/resolv.conf`.',
  }).optional(),
  transport: word(transports)
    .optional()
    .describe('The transport: `udp`, `tcp` or `dot` (TLS, RFC 7858). Default: `udp`.'),
  type: word(wordsOf(recordTypes)).optional().describe('The type of record, such as `MX`. Default: `A`.'),
  recursion: flag
    .optional()
    .describe(
      'Whether the server should query others; `false` asks only for what it knows itself. Default: `true`.',
    ),
  tls: tlsSettings.optional().describe('With `dot`: settings for TLS.'),
  ...ipProtocolShape,
}

const readCode = (input: unknown): ResponseCode => {
  const found = wordsOf(responseCodes).find((code) => code === input)
  if (found !== undefined) return found
  throw new ValueError(`${seen} is not a valid response code: expected one such as NOERROR or NXDOMAIN`)
}

const expectShape = {
  rcode: oneOrMany(readCode, { enum: wordsOf(responseCodes) })
    .optional()
    .describe('The response code is one of these: one or a list. Default: `NOERROR`.'),
  other_types: flag
    .optional()
    .describe(
      'Whether `matches`, `matches_or_empty` and `min_records` of the answer section also apply to records of other types, such as a CNAME before the answer. Default: `false`.',
    ),
  answer: rules.optional().describe('Rules for the records of the answer section. Default: none.'),
  authority: rules.optional().describe('Rules for the records of the authority section. Default: none.'),
  additional: rules.optional().describe('Rules for the records of the additional section. Default: none.'),
}

type Parsed = { readonly [K in keyof typeof shape]: z.output<(typeof shape)[K]> }
type ParsedExpect = { readonly [K in keyof typeof expectShape]: z.output<(typeof expectShape)[K]> }
type Inherited = 'dns' | 'transport' | 'type' | 'recursion' | 'tls' | 'ip_protocol' | 'ip_protocol_fallback'
type DnsSettings = Given<Parsed, Inherited> &
  Pick<Parsed, 'server'> & { readonly expect: Given<ParsedExpect, 'rcode' | 'other_types'> & ParsedExpect }

const noRules: WrittenRules = {
  matches: [],
  matchesOrEmpty: [],
  matchesAny: [],
  matchesOne: [],
  notMatches: [],
}

/** An answer should have a record, unless it is the other sections that matter. */
function leastRecords({ answer, authority, additional }: DnsSettings['expect']): number {
  if (answer) return answer.matchesOrEmpty.length > 0 ? 0 : 1
  return authority || additional ? 0 : 1
}

function toCheck({ server, expect, ...settings }: DnsSettings): DnsCheck {
  const { transport, type, recursion, tls } = settings
  const { rcode, other_types: otherTypes, answer = noRules } = expect
  const { authority = noRules, additional = noRules } = expect
  return {
    kind: 'dns',
    name: settings.dns,
    type,
    ...(server && {
      server: server.hasPort ? server.address : { ...server.address, port: dnsPorts[transport] },
    }),
    transport,
    recursion,
    ipProtocol: settings.ip_protocol,
    ipProtocolFallback: settings.ip_protocol_fallback,
    tls,
    expect: {
      rcode,
      otherTypes,
      answer: { minRecords: leastRecords(expect), ...answer },
      authority: { minRecords: 0, ...authority },
      additional: { minRecords: 0, ...additional },
    },
  }
}

/** `example.com MX @192.0.2.1:53`: as the tools of DNS write what they ask, and whom. */
function instanceOf(written: Readonly<Record<string, unknown>>, expand: (text: string) => string): string {
  const { dns, type, server } = written
  const asked = `${expand(String(dns))} ${expand(String(type))}`
  if (typeof server !== 'string') return asked
  const read = readServerOrNothing(expand(server))
  if (!read) return asked
  return `${asked} @${read.hasPort ? formatAddress(read.address) : read.address.host}`
}

export const dnsSchema: CheckSchema<typeof shape, typeof expectShape, DnsSettings, DnsCheck> = {
  key: 'dns',
  shape,
  expectShape,
  defaults: {
    transport: 'udp',
    type: 'A',
    recursion: true,
    tls: { verify: true },
    ...ipProtocolDefaults,
    expect: { rcode: ['NOERROR'], other_types: false },
  },
  toCheck,
  conceal: (written, expand) =>
    concealNetwork(
      written,
      instanceOf(written, (text) => expand(text).value),
      expand,
    ),
}
