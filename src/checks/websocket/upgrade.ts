import type { Socket } from 'node:net'
import { WebSocket } from 'ws'
import type { WebsocketCheck } from './schema.ts'
import { codeOf, messageOf } from '../../lib/errors.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import { ProbeFailure } from '../../net/failure.ts'
import type { Guard } from '../../net/guard.ts'
import type { NoteOddity } from '../../net/http1/oddity.ts'
import { AnsweredSocket } from './answered.ts'
import { maxBytes, Messages } from './messages.ts'

/** A WebSocket that is open. */
export interface Upgraded {
  readonly socket: WebSocket
  readonly messages: Messages
}

/**
 * Asks for the upgrade to WebSocket (RFC 6455) on a connection.
 *
 * @param guard Of the probe.
 * @param onStatus Called with the HTTP code of the answer.
 * @param note Called with everything that is odd about the answer.
 * @throws ProbeFailure `status` when the server answers with another code than 101, `protocol` when its answer is not HTTP,
 * `connect` when there is none.
 */
export async function upgrade(
  socket: Socket,
  { url, headers, auth, subprotocols }: WebsocketCheck,
  guard: Guard,
  onStatus: (code: number) => void,
  note: NoteOddity,
): Promise<Upgraded> {
  socket.allowHalfOpen = false
  const answered = guard.emitter(new AnsweredSocket(socket, note))
  const client = new WebSocket(url, [...subprotocols], {
    createConnection: () => answered,
    headers: { ...headers, ...authorization(auth) },
    perMessageDeflate: false,
    followRedirects: false,
    autoPong: false,
    maxPayload: maxBytes,
  })
  // From the beginning: what comes together with the answer must not be missed.
  const messages = new Messages(guard.emitter(client))
  return new Promise((resolve, reject) => {
    client.once('upgrade', ({ statusCode = 0 }) => {
      onStatus(statusCode)
    })
    client.once('unexpected-response', (request, { statusCode = 0, statusMessage = '' }) => {
      onStatus(statusCode)
      request.destroy()
      const words = cut(oneLine(statusMessage), 100)
      const got = `${statusCode}${words === '' ? '' : ` ${words}`}`
      reject(new ProbeFailure('status', `expected 101 (the upgrade to WebSocket), got ${got}`))
    })
    client.once('open', () => {
      resolve({ socket: client, messages })
    })
    client.once('error', (error) => {
      reject(refused(error, socket))
    })
    client.once('close', () => {
      reject(refused(undefined, socket))
    })
  })
}

/** `Authorization`, as RFC 7617 and RFC 6750 have it. */
function authorization(auth: WebsocketCheck['auth']): Record<string, string> {
  if (!auth) return {}
  if (auth.type === 'bearer') return { Authorization: `Bearer ${auth.token}` }
  return { Authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}` }
}

function refused(error: Error | undefined, { bytesRead }: Socket): ProbeFailure {
  const options = error && { cause: error }
  // As for HTTP: a connection that ends before anything was said is as good as a refused one.
  if (bytesRead === 0) {
    return new ProbeFailure('connect', 'the server closed the connection before it sent anything', options)
  }
  const code = codeOf(error)
  if (error === undefined || code === 'ECONNRESET' || code === 'EPIPE') {
    return new ProbeFailure('protocol', 'the server closed the connection before its answer', options)
  }
  return new ProbeFailure(
    'protocol',
    `the server does not follow the WebSocket protocol: ${cut(oneLine(messageOf(error)), 200)}`,
    options,
  )
}
