import { once } from 'node:events'
import { createServer as createHttpsServer, type Server } from 'node:https'
import { createSecureServer, type Http2SecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { createCertificate, type Certificate } from '../../support/certificates.ts'
import { authority } from '../suite.ts'
import type { Family, Row } from '../row.ts'

const day = 86_400_000
const certificateOf = (
  name: string,
  more: Partial<Parameters<typeof createCertificate>[0]> = {},
): Certificate =>
  createCertificate({ name, dns: ['localhost'], ip: ['127.0.0.1'], issuer: authority, ...more })

const intermediate = createCertificate({ name: 'Between', issuer: authority, isAuthority: true })
const below = certificateOf('below', { issuer: intermediate })

/** What the servers show. */
const shown = {
  good: certificateOf('good'),
  expired: certificateOf('expired', {
    notBefore: new Date(Date.now() - 2 * day),
    notAfter: new Date(Date.now() - day),
  }),
  early: certificateOf('early', {
    notBefore: new Date(Date.now() + day),
    notAfter: new Date(Date.now() + 2 * day),
  }),
  selfSigned: createCertificate({ name: 'self', dns: ['localhost'], ip: ['127.0.0.1'] }),
  elsewhere: createCertificate({ name: 'elsewhere', dns: ['elsewhere.example'], issuer: authority }),
  chain: { ...below, cert: below.cert + intermediate.cert },
  incomplete: below,
} as const

type Name = keyof typeof shown | 'mutual' | 'http2' | 'tls12'
export type TlsServers = Readonly<Record<Name, number>>

const http =
  (tls: object = {}, more: object = {}) =>
  (files: { ca: string }): object => ({
    prober: 'http',
    http: { tls_config: { ca_file: files.ca, ...tls }, ...more },
  })

const row = (
  name: string,
  server: Name,
  module: Row<TlsServers>['module'] = http(),
  more: Partial<Row<TlsServers>> = {},
): Row<TlsServers> => ({ name, module, target: (ports) => `https://127.0.0.1:${ports[server]}/`, ...more })

const seen = {
  differs: { certificates: ['probe_ssl_', 'probe_tls_'] },
} as const

const unchained = { differs: { noChain: ['probe_ssl_last_chain_expiry_timestamp_seconds'] } } as const

const rows: Row<TlsServers>[] = [
  row('a certificate', 'good'),
  row('a certificate for a name', 'good', http({}, { preferred_ip_protocol: 'ip4' }), {
    target: ({ good }) => `https://localhost:${good}/`,
  }),
  row('a chain', 'chain'),
  row('a chain without its middle', 'incomplete', http(), seen),
  row('an expired certificate', 'expired', http(), seen),
  row('a certificate of tomorrow', 'early', http(), seen),
  row('a self-signed certificate', 'selfSigned', http(), seen),
  row('a certificate of somebody else', 'elsewhere', http(), seen),
  row('an unknown authority', 'good', { prober: 'http' }, seen),
  row(
    'an expired certificate that is not verified',
    'expired',
    http({ insecure_skip_verify: true }),
    unchained,
  ),
  row(
    'a self-signed certificate that is not verified',
    'selfSigned',
    http({ insecure_skip_verify: true }),
    unchained,
  ),
  row('another name', 'elsewhere', http({ server_name: 'elsewhere.example' })),
  row('a wrong name', 'good', http({ server_name: 'elsewhere.example' }), seen),
  row('a host header that is the name', 'elsewhere', http({}, { headers: { Host: 'elsewhere.example' } })),
  row('a client certificate', 'mutual', (files) =>
    http({ cert_file: files.cert, key_file: files.key })(files),
  ),
  row('no client certificate', 'mutual', http(), seen),
  row('TLS 1.2', 'tls12'),
  row('TLS 1.2 where TLS 1.3 is wanted', 'tls12', http({ min_version: 'TLS13' })),
  row('HTTP/2 that is switched off', 'http2', http({}, { enable_http2: false })),
  row('HTTP/2', 'http2'),
  row('HTTP/2 that is wanted', 'http2', http({}, { valid_http_versions: ['HTTP/2.0'] })),
  row('HTTP/2 where HTTP/1.1 is wanted', 'http2', http({}, { valid_http_versions: ['HTTP/1.1'] })),
  row('HTTP/1.1 where HTTP/2 is wanted', 'good', http({}, { valid_http_versions: ['HTTP/2.0'] })),
  row('TLS that is wanted', 'good', http({}, { fail_if_not_ssl: true })),
  row('TLS that must not be there', 'good', http({}, { fail_if_ssl: true })),
  row(
    'HTTPS at a port of HTTP',
    'good',
    { prober: 'http' },
    { target: ({ good }) => `http://127.0.0.1:${good}/` },
  ),
]

const body = 'over TLS'

async function listen(server: Server | Http2SecureServer): Promise<number> {
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

export const tlsFamily: Family<TlsServers> = {
  name: 'https',
  rows,
  async start() {
    const { good } = shown
    const servers: Record<string, Server | Http2SecureServer> = {
      ...Object.fromEntries(
        Object.entries(shown).map(([name, { cert, key }]) => [
          name,
          createHttpsServer({ cert, key }, (_request, response) => response.end(body)),
        ]),
      ),
      mutual: createHttpsServer(
        { cert: good.cert, key: good.key, ca: authority.cert, requestCert: true, rejectUnauthorized: true },
        (_request, response) => response.end(body),
      ),
      tls12: createHttpsServer(
        { cert: good.cert, key: good.key, maxVersion: 'TLSv1.2' },
        (_request, response) => response.end(body),
      ),
      http2: createSecureServer({ cert: good.cert, key: good.key, allowHTTP1: true }, (_request, response) =>
        response.end(body),
      ),
    }
    const ports = await Promise.all(
      Object.entries(servers).map(async ([name, server]) => [name, await listen(server)] as const),
    )
    return {
      servers: Object.fromEntries(ports) as TlsServers,
      stop: async () => {
        const closed = Object.values(servers).map((server) => once(server, 'close'))
        for (const server of Object.values(servers)) server.close()
        await Promise.all(closed)
      },
    }
  },
}
