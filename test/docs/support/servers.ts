import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { atEnd } from '../../support/at-end.ts'
import { answerTo, askedFor, startDnsServer, type TestAnswer } from '../../support/servers/dns-server.ts'
import type { Received, Reply } from '../../support/servers/http-peer.ts'
import { startTalkServer } from '../../support/servers/talk-server.ts'
import { certificate } from './try-target.ts'

/** The answers of a web site, by method and path, and `*` for all others; where they depend on the request, what makes them. */
export type Site = Record<string, Reply | ((request: Received) => Reply)>

/** All hosts of example.com, over TLS. @returns The port. */
export async function startSite(answers: Site): Promise<number> {
  const server = createServer(certificate, (request, response) => {
    void text(request).then((body) => {
      const { method = '', url: path = '' } = request
      const headers = request.headers as Received['headers']
      const answer = answers[`${method} ${path.split('?')[0]}`] ?? answers['*'] ?? { status: 404 }
      const reply = typeof answer === 'function' ? answer({ method, path, headers, body }) : answer
      response.writeHead(reply.status, reply.headers).end(reply.body)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  atEnd(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}

export const json = (value: unknown, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

/** A server that does with a connection what it is given. @returns The port. */
export async function talk(handle: (socket: Socket) => void): Promise<number> {
  const server = await startTalkServer(handle)
  atEnd(server.stop)
  return server.port
}

/** A name server. @returns Its address. */
export async function nameServer(answer: (name: string, type: number) => TestAnswer): Promise<string> {
  const server = await startDnsServer({
    udp: (query) => {
      const { name, type } = askedFor(query)
      return [answerTo(query, answer(name, type))]
    },
  })
  atEnd(server.stop)
  return server.address
}

/** The end of an address, with its colon. */
export const portOf = (address: string): string => address.slice(address.lastIndexOf(':'))
