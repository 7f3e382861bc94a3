import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { createIcmpProber } from '../../../src/checks/icmp/probe.ts'
import { atEnd } from '../../support/at-end.ts'
import { data } from '../../support/servers/dns-server.ts'
import { startGrpcServer } from '../../support/servers/grpc-server.ts'
import { startHttpPeer, type Reply } from '../../support/servers/http-peer.ts'
import { script, upgrade } from '../../support/servers/talk-server.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { json, nameServer, portOf, startSite, talk, type Site } from '../support/servers.ts'
import { certificate, type StandIn } from '../support/try-target.ts'

/** What stands in for the servers of each recipe whose targets the reader tries with `probity probe`. */
export const standIns: Readonly<Record<string, () => Promise<StandIn>>> = {
  shop: async () => {
    const answers: Site = {
      'GET /': { status: 200, body: '<button>Add to basket</button>' },
      'GET /api/search': json({ results: [{ price: 12 }] }),
      'POST /api/orders': json({ id: 'order-4711' }, 201),
      'POST /api/orders/order-4711/payment': json({ state: 'paid' }),
      'DELETE /api/orders/order-4711': { status: 204 },
    }
    const port = await startSite(answers)
    return {
      places: { 'shop.example.com': `shop.example.com:${port}` },
      fail: () => (answers['POST /api/orders/order-4711/payment'] = { status: 502 }),
    }
  },
  'vendor-api': async () => {
    const answers: Site = {
      'POST /oauth2/token': json({ access_token: 'sesame', expires_in: 3600 }),
      'GET /v1/payments': json({ data: [] }),
    }
    const port = await startSite(answers)
    return {
      places: {
        'api.acme.example.com': `api.acme.example.com:${port}`,
        'login.acme.example.com': `login.acme.example.com:${port}`,
      },
      fail: () => (answers['POST /oauth2/token'] = json({ error: 'invalid_client' }, 401)),
    }
  },
  'mail-server': async () => {
    let greeting = '220 mail.example.com ESMTP\r\n'
    const submission = await talk(
      script('220 mail.example.com ESMTP\r\n', {
        'EHLO probity': '250 STARTTLS\r\n',
        STARTTLS: upgrade('220 go ahead\r\n', certificate, (secured) => {
          script('', { 'EHLO probity.example.com': '250-mail.example.com\r\n250 AUTH PLAIN\r\n' })(secured)
        }),
      }),
    )
    const incoming = await talk((socket) => socket.write(greeting))
    const imap = await talk((socket) => {
      script('* OK ready\r\n')(new TLSSocket(socket, { ...certificate, isServer: true }).on('error', () => undefined))
    })
    const names = await nameServer(() => ({ answer: [{ type: 15, data: data.mx(10, 'mail.example.com') }] }))
    return {
      places: {
        'mail.example.com:587': `mail.example.com:${submission}`,
        'mail.example.com:25': `mail.example.com:${incoming}`,
        'mail.example.com:993': `mail.example.com:${imap}`,
        'ns1.example.com': `ns1.example.com${portOf(names)}`,
      },
      fail: () => (greeting = '421 too many connections\r\n'),
    }
  },
  dns: async () => {
    let last = 11
    const names = await nameServer((name) => {
      if (name === 'old.example.com') return { rcode: 3 }
      if (name === 'example.com') return { answer: [{ type: 6, data: data.soa(1) }] }
      return { answer: [10, last].map((host) => ({ type: 1, data: data.a(`192.0.2.${host}`) })) }
    })
    const port = portOf(names)
    return {
      places: { 'ns1.example.com': `ns1.example.com${port}`, 'ns2.example.com': `ns2.example.com${port}` },
      fail: () => (last = 99),
    }
  },
  'kubernetes-service': async () => {
    const peer = await startHttpPeer(() => healthy)
    let healthy: Reply = json({ database: 'up' })
    const grpc = await startGrpcServer((_call: unknown, callback: (error: null, bytes: Buffer) => void) => {
      callback(null, Buffer.from([8, 1]))
    })
    atEnd(grpc.stop)
    const port = await startSite({ 'GET /': { status: 200 } })
    return {
      places: {
        'orders.shop.svc:8080': `orders.shop.svc:${new URL(peer.url).port}`,
        'orders.shop.svc:9090': `orders.shop.svc${portOf(grpc.address)}`,
        'orders.example.com': `orders.example.com:${port}`,
      },
      fail: () => (healthy = json({ database: 'down' })),
    }
  },
  'login-flow': async () => {
    const answers: Site = {
      'GET /login': { status: 200, body: '<input name="csrf" value="x7f3a9">' },
      'POST /login': { status: 303, headers: { location: 'https://app.example.com/account' } },
      'GET /account': { status: 200, body: 'Signed in as probe' },
      'POST /logout': { status: 204 },
    }
    const port = await startSite(answers)
    return {
      places: { 'app.example.com': `app.example.com:${port}` },
      fail: () => (answers['GET /account'] = { status: 200, body: 'Please log in' }),
    }
  },
  'documented-api': async () => {
    const article = { id: 1, state: 'active', price: 12.5 }
    const answers: Site = {
      'GET /v2/articles': json({ articles: [article], next: null }),
      'GET /v2/articles/0': json({ error: { code: 'not_found' } }, 404),
      'GET /v2/orders': {
        status: 401,
        headers: { 'content-type': 'application/json', 'www-authenticate': 'Bearer' },
      },
    }
    const port = await startSite(answers)
    return {
      places: { 'api.example.com': `api.example.com:${port}` },
      fail: () =>
        (answers['GET /v2/articles'] = json({ articles: [{ ...article, price: '12.50' }], next: null })),
    }
  },
  'raspberry-pi': async () => {
    const names = await nameServer(() => ({ answer: [{ type: 1, data: data.a('192.0.2.1') }] }))
    const port = await startSite({ 'GET /': { status: 200 } })
    const ping = join(await tempFolder(), 'ping')
    const reply = '64 bytes from 192.168.1.1: ttl=64 time=0.5 ms'
    await writeFile(ping, `#!/bin/sh\n[ "$1" = -V ] && echo 'ping from iputils 20240117' || echo '${reply}'\n`)
    await chmod(ping, 0o755)
    const places: Record<string, string> = {
      '192.168.1.53': names,
      'www.example.com': `www.example.com:${port}`,
      'df --output=pcent /': 'echo 55%',
    }
    const icmp = createIcmpProber({ program: ping, platform: 'linux' })
    return { places, probers: { icmp: () => Promise.resolve(icmp) }, fail: () => (places['df --output=pcent /'] = 'echo 97%') }
  },
}
