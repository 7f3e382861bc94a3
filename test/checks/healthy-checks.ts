import { once } from 'node:events'
import { chmod, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import type { handleUnaryCall } from '@grpc/grpc-js'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Check } from '../../src/checks/index.ts'
import { createCommandProber } from '../../src/checks/machine/command/probe.ts'
import { createDnsProber } from '../../src/checks/dns/probe.ts'
import { createDomainProber } from '../../src/checks/domain/probe.ts'
import { createGrpcProber } from '../../src/checks/grpc/probe.ts'
import { probeElsewhere } from '../../src/checks/heartbeat/probe.ts'
import { createHttpProber } from '../../src/checks/http/probe.ts'
import { createIcmpProber } from '../../src/checks/icmp/probe.ts'
import type { Prober } from '../../src/checks/result.ts'
import { createMqttProber } from '../../src/checks/mqtt/probe.ts'
import { createRedisProber } from '../../src/checks/redis/probe.ts'
import { createSqlProber } from '../../src/checks/sql/probe.ts'
import { createSshProber } from '../../src/checks/ssh/probe.ts'
import { createBrowserProber } from '../../src/checks/machine/browser/probe.ts'
import { createDockerProber } from '../../src/checks/machine/docker/probe.ts'
import { createSystemdProber } from '../../src/checks/machine/systemd/probe.ts'
import { createTcpProber } from '../../src/checks/tcp/probe.ts'
import { createCertificateProber } from '../../src/checks/certificate/probe.ts'
import { createUnixProber } from '../../src/checks/unix/probe.ts'
import { createTransactionProber } from '../../src/checks/transaction/probe.ts'
import { createUdpProber } from '../../src/checks/udp/probe.ts'
import { createWebsocketProber } from '../../src/checks/websocket/probe.ts'
import { createCertificate } from '../support/certificates.ts'
import { checkOf } from '../support/checks.ts'
import { answerTo, data, framed, startDnsServer } from '../support/servers/dns-server.ts'
import { startGrpcServer } from '../support/servers/grpc-server.ts'
import { httpCheck } from '../support/http-check.ts'
import { startHttp2Server } from '../support/servers/http2-server.ts'
import { startHttpPeer } from '../support/servers/http-peer.ts'
import { startProxy } from '../support/servers/proxy.ts'
import { script, startTalkServer, upgrade } from '../support/servers/talk-server.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** A check of a target that is as expected, or that says nothing until the check is given up. */
export interface CheckCase {
  readonly check: Check
  /** A new one, with nothing remembered. */
  readonly prober: () => Prober<Check>
  /** For a target that says nothing: called when the check waits for it. */
  readonly onSilence?: (giveUp: () => void) => void
  /** Default: the check passes. */
  readonly failure?: string
}

type Start = (stops: (() => unknown)[]) => Promise<CheckCase>

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const certificate = createCertificate({ name: 'shop', ip: ['127.0.0.1'], issuer: authority })
const authorities = [authority.cert]

/** Nobody listens on the first address, so that the second one is tried from a callback. */
const lookup = (): Promise<string[]> => Promise.resolve(['127.0.0.2', '127.0.0.1'])
/** Each prober has its own type, which the table of `run.ts` does not give its rows either. */
const any = (prober: unknown): Prober<Check> => prober as Prober<Check>

const ok = () => startHttpPeer(() => ({ status: 200, body: 'hello' }))
const http2 = () =>
  startHttp2Server(certificate, (stream) => {
    stream.respond({ ':status': 200 })
    stream.end('hello')
  })

const query = { answer: [{ type: 1, data: data.a('192.0.2.1') }] }

const serving: handleUnaryCall<Buffer, Buffer> = (_call, callback) => {
  callback(null, Buffer.from([8, 1]))
}

async function talk(stops: (() => unknown)[], handle: (socket: Socket) => void, path?: string) {
  const server = await startTalkServer(handle, path === undefined ? {} : { path })
  stops.push(server.stop)
  return server
}

async function websocket(stops: (() => unknown)[], onOpen: (socket: WebSocket) => void): Promise<string> {
  const server = createServer()
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', onOpen)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stops.push(() => {
    for (const client of sockets.clients) client.terminate()
    server.close()
  })
  return `ws://shop.example:${(server.address() as AddressInfo).port}/`
}

/** Gives up once the other side has taken the connection. */
async function silent(stops: (() => unknown)[]) {
  let giveUp = (): void => undefined
  const { port } = await talk(stops, (socket) => {
    socket.once('data', () => {
      giveUp()
    })
  })
  return { port, onSilence: (then: () => void) => (giveUp = then) }
}

/** Every prober, and every way in which the longer ones go. */
export const healthyChecks: Readonly<Record<string, Start>> = {
  'http over HTTP/1.1, at the second address': async () => {
    const { port } = new URL((await ok()).url)
    return {
      check: httpCheck(`http://shop.example:${port}/`),
      prober: () => any(createHttpProber({ lookup })),
    }
  },
  'http over HTTP/2': async () => ({
    check: httpCheck(`${(await http2()).url}/`),
    prober: () => any(createHttpProber({ authorities })),
  }),
  'http through the tunnel of a proxy': async () => {
    const proxy = new URL(`http://127.0.0.1:${(await startProxy()).port}`)
    return {
      check: httpCheck(`${(await http2()).url}/`, { proxy: { url: proxy, noProxy: [] } }),
      prober: () => any(createHttpProber({ authorities })),
    }
  },
  'http with a token': async () => {
    const login = await startHttpPeer(() => ({ status: 200, body: '{"access_token":"sesame"}' }))
    const auth = {
      type: 'oauth2',
      tokenUrl: new URL(`${login.url}/token`),
      clientId: 'a',
      clientSecret: 'b',
      scopes: [],
      style: 'basic',
    } as const
    return { check: httpCheck(`${(await ok()).url}/`, { auth }), prober: () => any(createHttpProber()) }
  },
  transaction: async () => {
    const { url } = await ok()
    const steps = [
      { name: 'one', url: `${url}/1`, capture: { word: { regex: '(hello)' } } },
      { name: 'two', url: `${url}/{{word}}` },
    ]
    return { check: checkOf('transaction', { steps }), prober: () => any(createTransactionProber()) }
  },
  'tcp, at the second address': async (stops) => {
    const { port } = await talk(stops, script('hello\r\n'))
    const check = checkOf('tcp', { tcp: `shop.example:${port}`, dialogue: [{ expect: '^hello' }] })
    return { check, prober: () => any(createTcpProber({ lookup })) }
  },
  'tcp with STARTTLS': async (stops) => {
    const answers = {
      'EHLO probity': '250 STARTTLS\r\n',
      STARTTLS: upgrade('220 go on\r\n', certificate),
    }
    const { port } = await talk(stops, script('220 hello\r\n', answers))
    const check = checkOf('tcp', { tcp: `127.0.0.1:${port}`, starttls: 'smtp' })
    return { check, prober: () => any(createTcpProber({ authorities })) }
  },
  certificate: async (stops) => {
    const server = createTlsServer(certificate, (socket) => socket.on('error', () => undefined))
    server.on('tlsClientError', () => undefined)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    stops.push(() => server.close())
    const check = checkOf('tls', { certificate: `127.0.0.1:${(server.address() as AddressInfo).port}` })
    return { check, prober: () => any(createCertificateProber({ authorities })) }
  },
  unix: async (stops) => {
    const path = join(await tempFolder(), 'it.sock')
    await talk(stops, script('hello\r\n'), path)
    const check = checkOf('unix', { unix: path, dialogue: [{ expect: '^hello' }] })
    return { check, prober: () => any(createUnixProber()) }
  },
  udp: async (stops) => {
    const server = await startDnsServer({ udp: (bytes) => [bytes] })
    stops.push(server.stop)
    return { check: checkOf('udp', { udp: server.address, send: 'x' }), prober: () => any(createUdpProber()) }
  },
  'dns over UDP': async (stops) => {
    const server = await startDnsServer({ udp: (bytes) => [answerTo(bytes, query)] })
    stops.push(server.stop)
    const check = checkOf('dns', { dns: 'shop.example', server: server.address })
    return { check, prober: () => any(createDnsProber()) }
  },
  'dns, asked again over TCP': async (stops) => {
    const server = await startDnsServer({
      udp: (bytes) => [answerTo(bytes, { truncated: true })],
      tcp: (bytes) => framed(answerTo(bytes, query)),
    })
    stops.push(server.stop)
    const check = checkOf('dns', { dns: 'shop.example', server: server.address })
    return { check, prober: () => any(createDnsProber()) }
  },
  'dns over TLS': async (stops) => {
    const server = await startDnsServer({
      tcp: (bytes) => framed(answerTo(bytes, query)),
      tls: certificate,
    })
    stops.push(server.stop)
    const check = checkOf('dns', { dns: 'shop.example', server: server.address, transport: 'dot' })
    return { check, prober: () => any(createDnsProber({ authorities })) }
  },
  domain: async () => {
    const events = [{ eventAction: 'expiration', eventDate: '2999-01-01T00:00:00Z' }]
    const { url } = await startHttpPeer(() => ({ status: 200, body: JSON.stringify({ events }) }))
    const check = checkOf('domain', { domain: 'shop.example', rdap_server: url })
    return { check, prober: () => any(createDomainProber()) }
  },
  sql: async (stops) => {
    const message = (type: string, body: string): string =>
      `${type}\0\0\0${String.fromCharCode(body.length + 4)}${body}`
    const ready = message('Z', 'I')
    const complete = `${message('C', 'X\0')}${ready}`
    const { port } = await talk(stops, (socket) =>
      socket.on('data', (data) => {
        const [type] = data.toString('latin1')
        // The startup, a query, and the end of a query in several messages.
        if (type === '\0') socket.write(`${message('R', '\0\0\0\0')}${ready}`)
        else if (type === 'Q') socket.write(complete)
        else if (data.subarray(-5).equals(Buffer.from('S\0\0\0\x04')))
          socket.write(`${message('1', '')}${message('2', '')}${message('n', '')}${complete}`)
      }),
    )
    const check = checkOf('sql', { sql: `postgres://me@shop.example:${port}/shop` })
    return { check, prober: () => any(createSqlProber({ lookup })) }
  },
  redis: async (stops) => {
    const { port } = await talk(stops, (socket) => socket.once('data', () => socket.write('+PONG\r\n')))
    const check = checkOf('redis', { redis: `redis://shop.example:${port}` })
    return { check, prober: () => any(createRedisProber({ lookup })) }
  },
  ssh: async (stops) => {
    const lists = Buffer.concat([Buffer.from([0, 0, 0, 1, 0x61]), Buffer.alloc(7 * 4 + 2 * 4 + 5)])
    const payload = Buffer.concat([Buffer.from([20]), Buffer.alloc(16), lists])
    const head = Buffer.from([0, 0, 0, payload.length + 5, 4])
    const { port } = await talk(stops, (socket) => {
      socket.write(Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), head, payload, Buffer.alloc(4)]))
    })
    const check = checkOf('ssh', { ssh: `shop.example:${port}` })
    return { check, prober: () => any(createSshProber({ lookup })) }
  },
  mqtt: async (stops) => {
    const { port } = await talk(stops, (socket) =>
      socket.once('data', () => socket.write(Buffer.from([0x20, 2, 0, 0]))),
    )
    const check = checkOf('mqtt', { mqtt: `mqtt://shop.example:${port}` })
    return { check, prober: () => any(createMqttProber({ lookup })) }
  },
  grpc: async (stops) => {
    const server = await startGrpcServer(serving)
    stops.push(server.stop)
    return { check: checkOf('grpc', { grpc: server.address }), prober: () => any(createGrpcProber()) }
  },
  websocket: async (stops) => {
    const url = await websocket(stops, (socket) => {
      socket.send('hello')
    })
    const check = checkOf('websocket', { websocket: url, dialogue: [{ expect: '^hello' }] })
    return { check, prober: () => any(createWebsocketProber({ lookup })) }
  },
  icmp: async () => {
    const program = join(await tempFolder(), 'ping')
    await writeFile(
      program,
      `#!/bin/sh\n[ "$1" = -V ] && echo 'ping from iputils 20240117' || echo '64 bytes from 127.0.0.1: ttl=64 time=0.5 ms'\n`,
    )
    await chmod(program, 0o755)
    return {
      check: checkOf('icmp', { icmp: '127.0.0.1' }),
      prober: () => any(createIcmpProber({ program, platform: 'linux' })),
    }
  },
  browser: () =>
    Promise.resolve({
      check: checkOf(
        'browser',
        { browser: 'it.mjs', chromium: '/nowhere/chromium', sandbox: false },
        { secrets: { '/etc/probity/it.mjs': '' } },
      ),
      prober: () => any(createBrowserProber()),
      failure: 'there is no program /nowhere/chromium that can be started: see chromium:',
    }),
  docker: async () => {
    const { url } = await startHttpPeer(() => ({ status: 200, body: '{"State":{"Status":"running"}}' }))
    const check = checkOf('docker', { docker: 'db', docker_host: new URL(url).origin })
    return { check, prober: () => any(createDockerProber()) }
  },
  systemd: async () => {
    const folder = await tempFolder()
    await writeFile(
      join(folder, 'systemctl'),
      `#!/bin/sh\nprintf 'LoadState=loaded\\nActiveState=active\\n'\n`,
    )
    await chmod(join(folder, 'systemctl'), 0o755)
    return {
      check: checkOf('systemd', { systemd: 'nginx' }),
      prober: () => any(createSystemdProber({ env: { PATH: folder } })),
    }
  },
  command: () =>
    Promise.resolve({
      check: checkOf('command', { command: ['true'] }),
      prober: () => any(createCommandProber()),
    }),
  heartbeat: () =>
    Promise.resolve({
      check: checkOf('heartbeat', { heartbeat: '1m' }),
      prober: () => any(probeElsewhere),
      failure: 'only the Probity that the job calls knows',
    }),
  'tcp whose name is never resolved': () => {
    let giveUp = (): void => undefined
    const never = (): Promise<string[]> => {
      // After the prober has begun to wait.
      setImmediate(() => {
        giveUp()
      })
      return new Promise(() => undefined)
    }
    return Promise.resolve({
      check: checkOf('tcp', { tcp: 'shop.example:80' }),
      prober: () => any(createTcpProber({ lookup: never })),
      onSilence: (then: () => void) => (giveUp = then),
      failure: 'the probe was cancelled',
    })
  },
  'websocket without a message': async (stops) => {
    let giveUp = (): void => undefined
    const url = await websocket(stops, (socket) => {
      socket.once('message', () => {
        giveUp()
      })
    })
    return {
      check: checkOf('websocket', { websocket: url, dialogue: [{ send: 'hello' }, { expect: 'hello' }] }),
      prober: () => any(createWebsocketProber({ lookup })),
      onSilence: (then) => (giveUp = then),
      failure: 'the probe was cancelled',
    }
  },
  'websocket without an answer': async (stops) => {
    const { port, onSilence } = await silent(stops)
    return {
      check: checkOf('websocket', { websocket: `ws://127.0.0.1:${port}/` }),
      prober: () => any(createWebsocketProber()),
      onSilence,
      failure: 'the probe was cancelled',
    }
  },
}
