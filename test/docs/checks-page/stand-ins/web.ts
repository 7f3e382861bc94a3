import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { ServerCredentials, type handleUnaryCall } from '@grpc/grpc-js'
import { WebSocketServer } from 'ws'
import { atEnd } from '../../../support/at-end.ts'
import { startGrpcServer } from '../../../support/servers/grpc-server.ts'
import type { Received, Reply } from '../../../support/servers/http-peer.ts'
import { json, portOf, startSite, type Site } from '../../support/servers.ts'
import { certificate, secretOf } from '../../support/try-target.ts'
import type { Rows } from '../../support/try-examples.ts'

const refused: Reply = { status: 401 }

/** An answer for those who send the token. */
const withToken =
  (token: string, reply: Reply) =>
  ({ headers }: Received): Reply =>
    headers['authorization'] === `Bearer ${token}` ? reply : refused

/** What speaks HTTP. */
export const web: Rows = {
  'url: products': {
    async start() {
      const query = '{ products(first: 1) { id name price } }'
      let answer: unknown = { data: { products: [{ id: 1, name: 'tea', price: 4.5 }] } }
      const port = await startSite({
        'POST /graphql': ({ headers, body }) =>
          headers['content-type'] === 'application/json' &&
          (JSON.parse(body) as { query: string }).query === query
            ? json(answer)
            : { status: 400 },
      })
      return {
        places: { 'shop.example.com': `shop.example.com:${port}` },
        fail: () => (answer = { data: null, errors: [{ message: 'out of tea' }] }),
      }
    },
    reason: 'body',
    message: /out of tea/,
  },
  'Transactions: shop-order': {
    async start() {
      const csrf = 'x7f3+a9='
      const login = `user=probe&password=${secretOf('PROBE_PASSWORD')}&csrf=${encodeURIComponent(csrf)}`
      const cancelled: string[] = []
      const answers: Site = {
        'GET /login': { status: 200, body: `<input name="csrf" value="${csrf}">` },
        'POST /login': ({ body }) =>
          body === login ? { status: 303, headers: { 'x-session-token': 'sesame' } } : refused,
        'POST /api/orders': withToken('sesame', json({ order: { id: 4711 } }, 201)),
        'DELETE /api/orders/4711': (request) => {
          cancelled.push(request.path)
          return withToken('sesame', { status: 204 })(request)
        },
      }
      const port = await startSite(answers)
      return {
        places: { 'shop.example.com': `shop.example.com:${port}` },
        fail() {
          if (cancelled.length !== 1) throw new Error('the order was not cancelled')
          answers['POST /api/orders'] = json({ order: { id: 4711 } }, 500)
        },
      }
    },
    reason: 'status',
    message: /^step order: expected 201, got 500$/,
  },
  'grpc: checkout': {
    async start() {
      let state = 1
      const check: handleUnaryCall<Buffer, Buffer> = ({ metadata, request }, callback) => {
        const [token] = metadata.get('authorization')
        const known = token === `Bearer ${secretOf('CHECKOUT_TOKEN')}` && request.includes('shop.v1.Checkout')
        if (known) callback(null, Buffer.from([8, state]))
        else callback({ code: 16 })
      }
      const { cert, key } = certificate
      const credentials = ServerCredentials.createSsl(null, [
        { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) },
      ])
      const server = await startGrpcServer(check, credentials)
      atEnd(server.stop)
      return {
        places: { 'checkout.example.com:50051': `checkout.example.com${portOf(server.address)}` },
        fail: () => (state = 2),
      }
    },
    reason: 'body',
    message: /NOT_SERVING/,
  },
  'websocket: prices': {
    async start() {
      let open = true
      const server = createServer(certificate)
      const sockets = new WebSocketServer({
        server,
        path: '/v1/prices',
        verifyClient: ({ req }: { readonly req: IncomingMessage }) =>
          open && req.headers.authorization === `Bearer ${secretOf('STREAM_TOKEN')}`,
      })
      sockets.on('connection', (socket) => {
        socket.send('{"type":"welcome","session":"s1"}')
        socket.on('message', (message: Buffer) => {
          if (message.toString() === '{"type":"ping","session":"s1"}') socket.send('{"type":"pong"}')
        })
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      atEnd(() => {
        for (const client of sockets.clients) client.terminate()
        server.close()
      })
      const { port } = server.address() as AddressInfo
      return {
        places: { 'stream.example.com': `stream.example.com:${port}` },
        fail: () => (open = false),
      }
    },
    reason: 'status',
    message: /101.* 401/,
  },
}
