import type { ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { listenHttp, type Listening } from '../../../src/lib/http/listen.ts'
import { atEnd } from '../at-end.ts'

/** A request as it arrived. */
export interface Received {
  readonly method: string
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** What the other side does instead of answering. */
export type Misbehaviour =
  | 'silence'
  | 'silence, then a reset'
  | 'reset'
  | 'stalls after its head'
  | 'endless answer'

export interface HttpPeer extends Listening {
  readonly received: readonly Received[]
  /** What it does first, each once, whatever it is sent. */
  readonly next: (Reply | Misbehaviour)[]
}

/**
 * A server that stands in for an API.
 *
 * @param judge What the API answers to a request, or does instead.
 * @param host Where it listens. Default: loopback.
 */
export async function startHttpPeer(
  judge: (request: Received) => Reply | Misbehaviour,
  host = '127.0.0.1',
): Promise<HttpPeer> {
  const received: Received[] = []
  const next: (Reply | Misbehaviour)[] = []
  const listening = await listenHttp(
    (request, response) => {
      void text(request).then(
        (body) => {
          const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)])
          const { method = '', url: path = '' } = request
          const given: Received = {
            method,
            path,
            headers: Object.fromEntries(headers) as Received['headers'],
            body,
          }
          received.push(given)
          const reply = next.shift() ?? judge(given)
          if (typeof reply === 'string') misbehave(response, reply)
          else response.writeHead(reply.status, reply.headers).end(reply.body)
        },
        () => undefined,
      )
    },
    { host, port: 0 },
    100,
  )
  const peer = { ...listening, received, next }
  atEnd(peer.stop)
  return peer
}

function misbehave(response: ServerResponse, how: Misbehaviour): void {
  switch (how) {
    case 'silence':
      return
    case 'silence, then a reset':
      setTimeout(() => response.socket?.resetAndDestroy(), 250)
      return
    case 'reset':
      response.socket?.resetAndDestroy()
      return
    case 'stalls after its head':
      response.writeHead(400, { 'content-length': '1000' }).write('no more')
      return
    case 'endless answer': {
      response.writeHead(500)
      const write = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      }
      response.on('drain', write).on('error', () => undefined)
      write()
    }
  }
}

/** Where nobody listens. A port that was just free could be the next server's. */
export const deadUrl = 'http://127.0.0.1:1'
