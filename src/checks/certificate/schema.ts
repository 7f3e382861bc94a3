import type { z } from 'zod'
import { value } from '../../settings/values/value.ts'
import { addressReader, formatAddress, type Address } from '../../net/address.ts'
import { ipProtocolDefaults, ipProtocolShape, type IpProtocol } from '../../net/ip-protocol.ts'
import type { CheckSchema, Given } from '../kind.ts'
import { concealNetwork } from '../shared/secrets.ts'
import { startTls, startTlsHelp, type StartTls } from '../shared/dialogue/starttls/schema.ts'
import { tlsSettings, type TlsSettings } from '../../net/tls/settings.ts'

/** A TLS handshake, and the certificate that it shows. */
export interface CertificateCheck {
  readonly kind: 'tls'
  readonly address: Address
  readonly ipProtocol: IpProtocol
  /** Whether the other family is tried if the preferred one has no address. */
  readonly ipProtocolFallback: boolean
  /** The protocol in which TLS is asked for. Absent: TLS begins with the connection. */
  readonly startTls?: StartTls
  readonly tls: TlsSettings
}

const readAddress = addressReader({ example: 'example.com or example.com:993', defaultPort: 443 })

const shape = {
  certificate: value(readAddress, {
    type: 'string',
    description: '`host` or `host:port` whose certificate is checked; the default port is 443.',
  }).optional(),
  starttls: startTls.nullable().optional().describe(startTlsHelp),
  tls: tlsSettings.optional().describe('Settings for TLS.'),
  ...ipProtocolShape,
}

const expectShape = {}

type Parsed = { readonly [K in keyof typeof shape]: z.output<(typeof shape)[K]> }
type CertificateSettings = Given<Parsed, 'certificate' | 'tls' | 'ip_protocol' | 'ip_protocol_fallback'> &
  Pick<Parsed, 'starttls'>

function toCheck(settings: CertificateSettings): CertificateCheck {
  return {
    kind: 'tls',
    address: settings.certificate,
    ipProtocol: settings.ip_protocol,
    ipProtocolFallback: settings.ip_protocol_fallback,
    ...(settings.starttls && { startTls: settings.starttls }),
    tls: settings.tls,
  }
}

export const certificateSchema: CheckSchema<
  typeof shape,
  typeof expectShape,
  CertificateSettings,
  CertificateCheck
> = {
  key: 'certificate',
  shape,
  expectShape,
  defaults: { tls: { verify: true }, ...ipProtocolDefaults },
  toCheck,
  conceal: (written, expand) =>
    concealNetwork(written, formatAddress(readAddress(expand(String(written['certificate'])).value)), expand),
}
