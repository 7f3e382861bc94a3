import type { Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createCertificate } from '../../support/certificates.ts'
import { script, startTalkServer, upgrade } from '../../support/servers/talk-server.ts'
import { authority } from '../suite.ts'
import type { Family, Files, Row } from '../row.ts'

export type TcpServers = Readonly<Record<Name, number>>
type Name =
  | 'banner'
  | 'talk'
  | 'smtp'
  | 'silent'
  | 'closing'
  | 'resetting'
  | 'long'
  | 'bare'
  | 'secure'
  | 'expired'

const certificate = createCertificate({
  name: 'mail',
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

const talks: Readonly<Record<Exclude<Name, 'secure' | 'expired'>, (socket: Socket) => void>> = {
  banner: script('SSH-2.0-OpenSSH_9.2 Debian\r\n'),
  talk: script('hello\r\nPING :abc\r\n', {
    'PONG abc': ':server 001 welcome\r\n',
    'cost $1': 'fine\r\n',
    'NAMES abc-PING': 'named\r\n',
  }),
  smtp: script('220 mail.example ESMTP Test\r\n', {
    'EHLO prober': '250-mail.example\r\n250-STARTTLS\r\n250 HELP\r\n',
    STARTTLS: upgrade('220 go on\r\n', certificate, (socket) => {
      script('', { 'EHLO prober': '250-mail.example\r\n250 AUTH\r\n' })(socket)
    }),
  }),
  silent: () => undefined,
  closing: (socket) => socket.end(),
  resetting: (socket) => socket.once('data', () => socket.resetAndDestroy()),
  long: (socket) => socket.end(`${'x'.repeat(70_000)}\r\nend\r\n`),
  bare: (socket) => socket.end('no end of line'),
}

const tcp = (query_response: readonly object[] = [], more: object = {}, timeout?: string): object => ({
  prober: 'tcp',
  ...(timeout !== undefined && { timeout }),
  tcp: { query_response, ...more },
})

const secured =
  (more: object = {}, steps: readonly object[] = []) =>
  ({ ca }: Files): object =>
    tcp(steps, { tls: true, tls_config: { ca_file: ca, ...more } })

const row = (
  name: string,
  server: Name,
  module: Row<TcpServers>['module'] = tcp(),
  more: Partial<Row<TcpServers>> = {},
): Row<TcpServers> => ({ name, module, target: (ports) => `127.0.0.1:${ports[server]}`, ...more })

const startTls = (ca: string, last: string): object =>
  tcp(
    [
      { expect: '^220 ([^ ]+) ESMTP (.+)$' },
      { send: 'EHLO prober\r' },
      { expect: '^250-STARTTLS' },
      { send: 'STARTTLS\r' },
      { expect: '^220' },
      { starttls: true },
      { send: 'EHLO prober\r' },
      { expect: last },
    ],
    { tls_config: { ca_file: ca } },
  )

const unconnected = { noConnection: ['probe_failed_due_to_regex'] }
/** Of every connection that speaks TLS with a peer that is trusted. */
const trusted = { cipher: ['probe_tls_cipher_info'] }
const unverified = { certificates: ['probe_ssl_', 'probe_tls_'] }

const rows: Row<TcpServers>[] = [
  row('an open port', 'silent'),
  row('a port that closes connections', 'closing'),
  { name: 'a closed port', module: tcp(), target: () => '127.0.0.1:1', differs: unconnected },
  {
    name: 'a name that does not exist',
    module: tcp(),
    target: () => 'shop.invalid:80',
    differs: unconnected,
  },
  {
    name: 'a name',
    module: tcp([], { preferred_ip_protocol: 'ip4' }),
    target: ({ silent }) => `localhost:${silent}`,
  },
  row('a banner', 'banner', tcp([{ expect: '^SSH-2.0-' }])),
  row('another banner', 'banner', tcp([{ expect: '^SSH-1' }], {}, '1s')),
  row('a banner that never comes', 'silent', tcp([{ expect: 'hello' }], {}, '1s')),
  row('a banner where connections are closed', 'closing', tcp([{ expect: 'hello' }])),
  row('a banner where connections are reset', 'resetting', tcp([{ send: 'hello' }, { expect: 'hello' }])),
  row('a line without an end', 'bare', tcp([{ expect: '^no end of line$' }])),
  row('a line that is too long', 'long', tcp([{ expect: 'end' }])),
  row(
    'a conversation',
    'talk',
    tcp([{ send: 'NICK prober' }, { expect: 'PING :([^ ]+)', send: 'PONG ${1}' }, { expect: '^:[^ ]+ 001' }]),
  ),
  row(
    'groups with names',
    'talk',
    tcp([
      { expect: '^(?P<what>PING) :(?P<who>\\w+)', send: 'NAMES $who-${what}$nobody' },
      { expect: '^named' },
    ]),
  ),
  row('dollars without a regex', 'talk', tcp([{ send: 'cost $1' }, { expect: 'fine' }])),
  row('SMTP and STARTTLS', 'smtp', ({ ca }) => startTls(ca, '^250 AUTH'), { differs: trusted }),
  row(
    'SMTP and STARTTLS, and not what was expected',
    'smtp',
    ({ ca }) => ({ ...startTls(ca, '^250 HELP'), timeout: '1s' }),
    { differs: trusted },
  ),
  row(
    'STARTTLS with an unknown authority',
    'smtp',
    tcp([{ send: 'STARTTLS' }, { expect: '^220 go' }, { starttls: true }]),
    { differs: unverified },
  ),
  row('bytes', 'talk', tcp([{ expect_bytes: 'hello' }]), { since: 28 }),
  row('bytes that are different', 'talk', tcp([{ expect_bytes: 'HELLO' }]), { since: 28 }),
  row('bytes that never come', 'silent', tcp([{ expect_bytes: 'hello' }], {}, '1s'), { since: 28 }),
  row(
    'labels from a banner',
    'banner',
    tcp([
      {
        expect: '^SSH-(?P<version>[0-9.]+)-(\\S+)',
        labels: [
          { name: 'protocol', value: '$version' },
          { name: 'software', value: '${2}' },
        ],
      },
    ]),
    { since: 26 },
  ),
  row('TLS', 'secure', secured(), { differs: trusted }),
  row('TLS, and a line', 'secure', secured({}, [{ expect: 'secret' }]), { differs: trusted }),
  row('TLS for a name', 'secure', secured({ server_name: 'localhost' }), { differs: trusted }),
  row('TLS for a wrong name', 'secure', secured({ server_name: 'elsewhere.example' }), {
    differs: { ...unconnected, ...unverified },
  }),
  row('TLS with an expired certificate', 'expired', secured(), {
    differs: { ...unconnected, ...unverified },
  }),
  row(
    'TLS with an expired certificate that is not verified',
    'expired',
    secured({ insecure_skip_verify: true }),
    {
      differs: { ...trusted, noChain: ['probe_ssl_last_chain_expiry_timestamp_seconds'] },
    },
  ),
  row('TLS where there is none', 'banner', secured(), { differs: unconnected }),
]

export const tcpFamily: Family<TcpServers> = {
  name: 'tcp',
  rows,
  async start() {
    const talkers = await Promise.all(
      Object.entries(talks).map(async ([name, talk]) => [name, await startTalkServer(talk)] as const),
    )
    const secure = await Promise.all(
      Object.entries({ secure: certificate, expired: past }).map(async ([name, { cert, key }]) => {
        const server = createTlsServer({ cert, key }, (socket) => {
          socket.on('error', () => undefined)
          socket.end('a secret line\r\n')
        })
        server.on('tlsClientError', () => undefined)
        server.listen(0, '127.0.0.1')
        await once(server, 'listening')
        return [name, server] as const
      }),
    )
    return {
      servers: Object.fromEntries([
        ...talkers.map(([name, { port }]) => [name, port]),
        ...secure.map(([name, server]) => [name, (server.address() as AddressInfo).port]),
      ]) as TcpServers,
      stop: async () => {
        await Promise.all(talkers.map(([, { stop }]) => stop()))
        await Promise.all(secure.map(([, server]) => once(server.close(), 'close')))
      },
    }
  },
}
