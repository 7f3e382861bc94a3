import { domainToASCII } from 'node:url'
import type { z } from 'zod'
import { ipProtocolDefaults, ipProtocolShape, type IpProtocol } from '../../net/ip-protocol.ts'
import { proxyShape, type ProxySettings } from '../../net/proxy/settings.ts'
import { tlsSettings, type TlsSettings } from '../../net/tls/settings.ts'
import type { Expanded } from '../../settings/secrets.ts'
import { days } from '../../settings/values/scalars.ts'
import { credentialsOf, type Userinfo } from '../../settings/values/userinfo.ts'
import { asText, seen, value, ValueError } from '../../settings/values/value.ts'
import { concealHttp } from '../http/settings/secrets.ts'
import { readUrl } from '../http/settings/values.ts'
import type { CheckSchema, Concealed, Given } from '../kind.ts'

/** A question to the registry of a domain: until when it is registered. */
export interface DomainCheck {
  readonly kind: 'domain'
  /** In ASCII and lower case, without the dot at its end. */
  readonly domain: string
  /** The base of the RDAP service, without userinfo. Absent: the one that IANA lists for the domain. */
  readonly server?: URL
  /** What that server is asked with. */
  readonly credentials?: Userinfo
  readonly ipProtocol: IpProtocol
  /** Whether the other family is tried if the preferred one has no address. */
  readonly ipProtocolFallback: boolean
  /** Absent: the server is reached directly. */
  readonly proxy?: ProxySettings
  readonly tls: TlsSettings
  readonly expect: {
    /** Seconds that should be left; -Infinity: any will do. */
    readonly minSeconds: number
  }
}

/** RFC 1035, section 2.3.4: what a registry can have registered. */
function readDomain(input: unknown): string {
  const text = asText(input)
  const ascii = (/^[\x21-\x7e]*$/.test(text) ? text : domainToASCII(text)).replace(/\.$/, '').toLowerCase()
  const labels = ascii.split('.')
  const wellFormed = labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label))
  if (!wellFormed || ascii.length > 253 || labels.length < 2 || /^[0-9]+$/.test(labels.at(-1) ?? ''))
    throw new ValueError(
      `${seen} is not a valid domain: expected the name that is registered, such as example.com`,
    )
  return ascii
}

function readServer(input: unknown): URL | null {
  if (input === null) return null
  const url = readUrl(input)
  if (url.search !== '' || url.hash !== '')
    throw new ValueError(
      `${seen} has a query or a fragment: expected the base of an RDAP service, such as https://rdap.example.com/v1/`,
    )
  credentialsOf(url)
  return url
}

const shape = {
  domain: value(readDomain, {
    type: 'string',
    description: 'The domain whose registration is checked, as it is registered: `example.com`.',
  }).optional(),
  rdap_server: value(readServer, {
    type: ['string', 'null'],
    description:
      'The base URL of the RDAP service to ask; `~` removes an inherited one. Default: the service that IANA lists for the domain.',
  }).optional(),
  tls: tlsSettings.optional().describe('Settings for TLS.'),
  ...proxyShape,
  ...ipProtocolShape,
}

const expectShape = {
  domain_days: days
    .optional()
    .describe(
      'The domain stays registered for at least this many more days (DomainExpiring). Default: `30`.',
    ),
}

type Parsed = { readonly [K in keyof typeof shape]: z.output<(typeof shape)[K]> }
type ParsedExpect = { readonly [K in keyof typeof expectShape]: z.output<(typeof expectShape)[K]> }
type DomainSettings = Given<Parsed, 'domain' | 'tls' | 'ip_protocol' | 'ip_protocol_fallback'> &
  Pick<Parsed, 'rdap_server' | 'proxy' | 'no_proxy' | 'proxy_ca_file'> & {
    readonly expect: Given<ParsedExpect, 'domain_days'>
  }

function toCheck(settings: DomainSettings): DomainCheck {
  const { rdap_server: written, proxy, no_proxy: noProxy = [], proxy_ca_file: proxyCa } = settings
  const server = written ? new URL(written) : undefined
  const credentials = server && credentialsOf(server)
  if (server) server.username = server.password = ''
  return {
    kind: 'domain',
    domain: settings.domain,
    ...(server && { server }),
    ...(credentials && { credentials }),
    ipProtocol: settings.ip_protocol,
    ipProtocolFallback: settings.ip_protocol_fallback,
    ...(proxy && { proxy: { url: proxy, noProxy, ...(proxyCa && { ca: proxyCa }) } }),
    tls: settings.tls,
    expect: { minSeconds: settings.expect.domain_days },
  }
}

/** The address and the proxy are those of an HTTP target. */
function conceal(written: Readonly<Record<string, unknown>>, expand: (text: string) => Expanded): Concealed {
  const { rdap_server: server } = written
  const named = typeof server === 'string'
  const http = concealHttp({ ...written, url: named ? server : 'https://rdap.invalid/' }, expand)
  const { url, ...shown } = http.shown
  return {
    instance: readDomain(expand(String(written['domain'])).value),
    shown: { ...shown, ...(named && { rdap_server: url }) },
    secrets: http.secrets,
  }
}

export const domainSchema: CheckSchema<typeof shape, typeof expectShape, DomainSettings, DomainCheck> = {
  key: 'domain',
  shape,
  expectShape,
  defaults: {
    // Registries limit how often they are asked, and a registration changes once a year.
    interval: '1d',
    tls: { verify: true },
    ...ipProtocolDefaults,
    expect: { max_latency: 'off', domain_days: 30 },
  },
  toCheck,
  conceal,
}
