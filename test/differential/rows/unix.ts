import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { join } from 'node:path'
import { createCertificate } from '../../support/certificates.ts'
import { script } from '../../support/servers/talk-server.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { authority } from '../suite.ts'
import type { Family, Files, Row } from '../row.ts'

type Name = 'talk' | 'silent' | 'closing' | 'secure'
/** The paths of sockets, and one where there is none. */
export type UnixServers = Readonly<Record<Name | 'missing', string>>

const certificate = createCertificate({ name: 'local', dns: ['local.example'], issuer: authority })

const talks: Readonly<Record<Exclude<Name, 'secure'>, (socket: Socket) => void>> = {
  talk: script('', { PING: 'PONG 7\r\n', 'AGAIN 7': 'fine\r\n' }),
  silent: () => undefined,
  closing: (socket) => socket.end(),
}

const unix = (query_response: readonly object[] = [], more: object = {}, timeout?: string): object => ({
  prober: 'unix',
  ...(timeout !== undefined && { timeout }),
  unix: { query_response, ...more },
})

const secured =
  (name: string) =>
  ({ ca }: Files): object =>
    unix([{ send: 'hello' }, { expect: 'secret' }], {
      tls: true,
      tls_config: { ca_file: ca, server_name: name },
    })

/** The first version that has sockets. */
const since = 28

const row = (
  name: string,
  server: keyof UnixServers,
  module: Row<UnixServers>['module'] = unix(),
  more: Partial<Row<UnixServers>> = {},
): Row<UnixServers> => ({ name, since, module, target: (paths) => paths[server], ...more })

const rows: Row<UnixServers>[] = [
  row('a socket', 'silent'),
  row('a socket that is not there', 'missing'),
  row('a socket that closes connections', 'closing'),
  row('an answer', 'talk', unix([{ send: 'PING' }, { expect: '^PONG' }])),
  row(
    'a conversation',
    'talk',
    unix([{ send: 'PING' }, { expect: '^PONG (\\d)', send: 'AGAIN ${1}' }, { expect: '^fine$' }]),
  ),
  row('another answer', 'talk', unix([{ send: 'PING' }, { expect: '^PANG' }], {}, '1s')),
  row('an answer that never comes', 'silent', unix([{ expect: 'hello' }], {}, '1s')),
  row('an answer where connections are closed', 'closing', unix([{ expect: 'hello' }])),
  row('TLS', 'secure', secured('local.example'), { differs: { cipher: ['probe_tls_cipher_info'] } }),
  row('TLS for a wrong name', 'secure', secured('elsewhere.example'), {
    differs: { certificates: ['probe_ssl_', 'probe_tls_'] },
  }),
]

export const unixFamily: Family<UnixServers> = {
  name: 'unix',
  rows,
  async start() {
    const folder = await tempFolder()
    const servers: Readonly<Record<Name, Server>> = {
      talk: createServer(talks.talk),
      silent: createServer(talks.silent),
      closing: createServer(talks.closing),
      secure: createTlsServer({ cert: certificate.cert, key: certificate.key }, (socket) => {
        socket.on('error', () => undefined)
        socket.once('data', () => socket.end('a secret line\r\n'))
      }),
    }
    const sockets = new Set<Socket>()
    const paths = await Promise.all(
      Object.entries(servers).map(async ([name, server]) => {
        server.on('tlsClientError', () => undefined)
        server.on('connection', (socket: Socket) => {
          socket.on('error', () => undefined)
          sockets.add(socket)
        })
        const path = join(folder, name)
        server.listen(path)
        await once(server, 'listening')
        return [name, path] as const
      }),
    )
    return {
      servers: { ...Object.fromEntries(paths), missing: join(folder, 'missing') } as UnixServers,
      stop: async () => {
        for (const socket of sockets) socket.destroy()
        await Promise.all(Object.values(servers).map((server) => once(server.close(), 'close')))
      },
    }
  },
}
