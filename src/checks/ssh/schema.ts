import type { z } from 'zod'
import { addressReader, formatAddress, type Address } from '../../net/address.ts'
import { ipProtocolDefaults, ipProtocolShape, type IpProtocol } from '../../net/ip-protocol.ts'
import type { Pattern } from '../../settings/values/pattern.ts'
import { patternJson, readPattern } from '../../settings/values/scalars.ts'
import { oneOrMany, value } from '../../settings/values/value.ts'
import type { CheckSchema, Given } from '../kind.ts'
import { concealNetwork } from '../shared/secrets.ts'

/** The first words of an SSH server, before anybody logs in. */
export interface SshCheck {
  readonly kind: 'ssh'
  readonly address: Address
  readonly ipProtocol: IpProtocol
  /** Whether the other family is tried if the preferred one has no address. */
  readonly ipProtocolFallback: boolean
  readonly expect: {
    /** Absent: any software will do. */
    readonly software?: Pattern
    /** None of these matches the name of an algorithm that is offered. */
    readonly notAlgorithms: readonly Pattern[]
  }
}

const readAddress = addressReader({
  example: 'server.example.com or server.example.com:2222',
  defaultPort: 22,
})

const shape = {
  ssh: value(readAddress, {
    type: 'string',
    description: '`host` or `host:port` of an SSH server; the default port is 22.',
  }).optional(),
  ...ipProtocolShape,
}

const expectShape = {
  software: value(readPattern, {
    ...patternJson,
    description:
      'What the server says it is, such as `OpenSSH_9.2p1 Debian-2`, matches this regex. Default: anything.',
  }).optional(),
  not_algorithms: oneOrMany(readPattern, patternJson)
    .optional()
    .describe(
      'No algorithm that the server offers matches one of these regexes, such as `sha1$` or `cbc`. Default: any will do.',
    ),
}

type Parsed = { readonly [K in keyof typeof shape]: z.output<(typeof shape)[K]> }
type ParsedExpect = { readonly [K in keyof typeof expectShape]: z.output<(typeof expectShape)[K]> }
type SshSettings = Given<Parsed, keyof Parsed> & { readonly expect: ParsedExpect }

function toCheck(settings: SshSettings): SshCheck {
  const { software, not_algorithms: notAlgorithms = [] } = settings.expect
  return {
    kind: 'ssh',
    address: settings.ssh,
    ipProtocol: settings.ip_protocol,
    ipProtocolFallback: settings.ip_protocol_fallback,
    expect: { ...(software && { software }), notAlgorithms },
  }
}

export const sshSchema: CheckSchema<typeof shape, typeof expectShape, SshSettings, SshCheck> = {
  key: 'ssh',
  shape,
  expectShape,
  defaults: ipProtocolDefaults,
  toCheck,
  conceal: (written, expand) =>
    concealNetwork(written, formatAddress(readAddress(expand(String(written['ssh'])).value)), expand),
}
