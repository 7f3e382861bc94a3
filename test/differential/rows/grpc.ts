import { ServerCredentials, status as codes, type handleUnaryCall } from '@grpc/grpc-js'
import { createCertificate } from '../../support/certificates.ts'
import { startGrpcServer, type GrpcServer } from '../../support/servers/grpc-server.ts'
import { authority } from '../suite.ts'
import type { Family, Files, Row } from '../row.ts'

export type GrpcServers = Readonly<Record<'health' | 'without' | 'secure' | 'expired', GrpcServer>>

const certificate = createCertificate({
  name: 'api',
  dns: ['localhost'],
  ip: ['127.0.0.1'],
  issuer: authority,
})
const past = createCertificate({
  name: 'past',
  ip: ['127.0.0.1'],
  issuer: authority,
  notBefore: new Date(Date.now() - 7_200_000),
  notAfter: new Date(Date.now() - 3_600_000),
})

/** Field 1 of the answer, by the service that was asked for. */
const health: Readonly<Record<string, number>> = { '': 1, up: 1, down: 2, unknown: 0, strange: 3 }

const check: handleUnaryCall<Buffer, Buffer> = ({ request }, callback) => {
  const service = request.subarray(2).toString()
  const found = health[service]
  if (service === 'internal') callback({ code: codes.INTERNAL, details: 'out of order' })
  else if (service === 'denied') callback({ code: codes.PERMISSION_DENIED, details: 'not for you' })
  else if (found === undefined) callback({ code: codes.NOT_FOUND, details: 'unknown service' })
  else callback(null, Buffer.from(found === 0 ? [] : [8, found]))
}

const credentials = ({ cert, key }: { cert: string; key: string }): ServerCredentials =>
  ServerCredentials.createSsl(null, [{ cert_chain: Buffer.from(cert), private_key: Buffer.from(key) }])

const grpc = (settings: object = {}, timeout?: string): object => ({
  prober: 'grpc',
  ...(timeout !== undefined && { timeout }),
  grpc: settings,
})

const secured =
  (more: object = {}) =>
  ({ ca }: Files): object =>
    grpc({ tls: true, tls_config: { ca_file: ca, ...more } })

type Differs = NonNullable<Row<GrpcServers>['differs']>

/** Of every call that gets a connection. */
const connecting: Differs = { grpcPhases: ['probe_grpc_duration_seconds'] }
/** Of every call that does not see a certificate. */
const bare: Differs = { ...connecting, noCertificate: ['probe_ssl_earliest_cert_expiry'] }
const unverified: Differs = { ...connecting, certificates: ['probe_ssl_', 'probe_tls_'] }

const row = (
  name: string,
  server: keyof GrpcServers,
  module: Row<GrpcServers>['module'] = grpc(),
  differs = bare,
): Row<GrpcServers> => ({ name, module, target: (servers) => servers[server].address, differs })

const rows: Row<GrpcServers>[] = [
  row('a server that serves', 'health'),
  row('a service that serves', 'health', grpc({ service: 'up' })),
  row('a service that does not', 'health', grpc({ service: 'down' })),
  row('a service of which nothing is known', 'health', grpc({ service: 'unknown' })),
  row('a service that does not exist', 'health', grpc({ service: 'none' })),
  row('an error of the server', 'health', grpc({ service: 'internal' })),
  row('no permission', 'health', grpc({ service: 'denied' })),
  row('no health service', 'without'),
  row('TLS', 'secure', secured(), {
    ...connecting,
    cipher: ['probe_tls_cipher_info'],
    grpcChain: ['probe_ssl_last_chain_expiry_timestamp_seconds'],
  }),
  row('TLS with an expired certificate', 'expired', secured(), unverified),
  row('TLS with a wrong name', 'secure', secured({ server_name: 'elsewhere.example' }), unverified),
  row('TLS where there is none', 'health', secured()),
  { name: 'a closed port', module: grpc(), target: () => '127.0.0.1:1', differs: bare },
  {
    name: 'a name that does not exist',
    module: grpc(),
    target: () => 'api.invalid:50051',
    differs: {
      noCertificate: ['probe_ssl_earliest_cert_expiry'],
      grpcHealth: ['probe_grpc_healthcheck_response'],
    },
  },
]

export const grpcFamily: Family<GrpcServers> = {
  name: 'grpc',
  rows,
  async start() {
    const servers = {
      health: await startGrpcServer(check),
      without: await startGrpcServer(),
      secure: await startGrpcServer(check, credentials(certificate)),
      expired: await startGrpcServer(check, credentials(past)),
    }
    return {
      servers,
      stop: () => {
        for (const { stop } of Object.values(servers)) stop()
        return Promise.resolve()
      },
    }
  },
}
