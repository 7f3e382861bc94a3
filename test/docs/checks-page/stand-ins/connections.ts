import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { atEnd } from '../../../support/at-end.ts'
import { startDnsServer } from '../../../support/servers/dns-server.ts'
import { script, upgrade } from '../../../support/servers/talk-server.ts'
import { startTlsServer } from '../../../support/servers/tls-server.ts'
import { tempFolder } from '../../../support/temp-folder.ts'
import { portOf, talk } from '../../support/servers.ts'
import { certificate, certificateFor, type StandIn } from '../../support/try-target.ts'
import type { Rows } from '../../support/try-examples.ts'

/** The answer of RFC 4511 to StartTLS: success, or the result code for "busy". */
const startTlsAnswer = (code: number): Buffer =>
  Buffer.from([0x30, 0x0c, 0x02, 0x01, 0x01, 0x78, 0x07, 0x0a, 0x01, code, 0x04, 0x00, 0x04, 0x00])

/** A service that answers one datagram, and no other. */
async function datagrams(place: string, query: string, healthy: string, broken: string): Promise<StandIn> {
  let answer = healthy
  const server = await startDnsServer({
    udp: (bytes) => (bytes.toString('latin1') === query ? [Buffer.from(answer, 'latin1')] : []),
  })
  atEnd(server.stop)
  return {
    places: { [place]: `${place.split(':')[0]}${portOf(server.address)}` },
    fail: () => (answer = broken),
  }
}

/** A server with TLS, and another that is there in its place once it fails. */
async function tls(
  place: string,
  at: (port: number) => string,
  [healthy, broken]: readonly [healthy: object, broken: object],
): Promise<StandIn> {
  const servers = await Promise.all([healthy, broken].map((options) => startTlsServer(options)))
  const [first = 0, second = 0] = servers.map(({ port, stop }) => {
    atEnd(stop)
    return port
  })
  const places = { [place]: at(first) }
  return { places, fail: () => (places[place] = at(second)) }
}

/** What is connected to, with TLS or without. */
export const connections: Rows = {
  'tcp: ssh': {
    async start() {
      let banner = 'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'
      const port = await talk((socket) => socket.end(banner))
      return {
        places: { 'bastion.example.com:22': `bastion.example.com:${port}` },
        fail: () => (banner = 'Exceeded MaxStartups\r\n'),
      }
    },
    reason: 'body',
    message: /^step 1: .*the server ended the connection after 1 line$/,
  },
  'tcp: mail': {
    async start() {
      let greeting = '220 smtp.example.com ESMTP\r\n'
      const port = await talk((socket) => {
        script(greeting, {
          'EHLO probity': '250 STARTTLS\r\n',
          STARTTLS: upgrade('220 go ahead\r\n', certificate, (secured) => {
            const capabilities = '250-smtp.example.com\r\n250 AUTH PLAIN\r\n'
            script('', { 'EHLO probity.example.com': capabilities })(secured)
          }),
        })(socket)
      })
      return {
        places: { 'smtp.example.com:587': `smtp.example.com:${port}` },
        fail: () => (greeting = '421 too busy\r\n'),
      }
    },
    reason: 'status',
    message: /421/,
  },
  'tcp: directory': {
    async start() {
      let code = 0
      const port = await talk((socket) => {
        socket.once('data', () => {
          socket.write(startTlsAnswer(code))
          if (code === 0) upgrade('', certificate)(socket)
        })
      })
      return {
        places: { 'ldap.example.com:389': `ldap.example.com:${port}` },
        fail: () => (code = 51),
      }
    },
    reason: 'status',
    message: /51 \(busy\)/,
  },
  'udp: game-server': {
    start: () =>
      datagrams(
        'game.example.com:27015',
        '\xff\xff\xff\xffTSource Engine Query\0',
        '\xff\xff\xff\xffI\x11example',
        'not a game',
      ),
    reason: 'body',
    message: /ff ff ff ff/,
  },
  'udp: collector': {
    start: () => datagrams('collector.example.com:9000', 'health', 'health: up', 'health: down'),
    reason: 'body',
    message: /\^health: up/,
  },
  'unix: docker': {
    async start() {
      const path = join(await tempFolder(), 'docker.sock')
      const server = createServer((request, response) => {
        response.writeHead(request.url === '/_ping' ? 200 : 404).end()
      })
      server.listen(path)
      await once(server, 'listening')
      atEnd(() => server.close())
      return { places: { '/run/docker.sock': path }, fail: () => rm(path) }
    },
    reason: 'connect',
    message: /there is no such socket/,
  },
  'certificate: shop-certificate': {
    start: () =>
      tls('shop.example.com', (port) => `shop.example.com:${port}`, [
        certificate,
        certificateFor({ dns: ['shop.example.com'], notAfter: new Date('2026-11-01T00:00:00Z') }),
      ]),
    reason: 'certificate',
    message: /expired on 2026-11-01T00:00:00Z/,
  },
  'certificate: imap-certificate': {
    async start() {
      let presented = certificate
      const port = await talk((socket) => {
        script('* OK ready\r\n', { 'a1 STARTTLS': upgrade('a1 OK begin\r\n', presented) })(socket)
      })
      return {
        places: { 'mail.example.com:143': `mail.example.com:${port}` },
        fail: () => (presented = certificateFor({ dns: ['shop.example.com'] })),
      }
    },
    reason: 'certificate',
    message: /^the certificate is not for mail\.example\.com, but for shop\.example\.com$/,
  },
  'certificate: internal-certificate': {
    start: () =>
      tls('10.0.0.5:8443', (port) => `127.0.0.1:${port}`, [
        certificate,
        { ...certificate, maxVersion: 'TLSv1.2' },
      ]),
    reason: 'tls',
    message: /does not speak TLS 1\.3 or newer$/,
  },
}
