import type { ClientRequest, IncomingMessage } from 'node:http'
import { errorName } from '../error-name.ts'
import type { Instrumentation } from './instrumentation.ts'

/** Both are published by an undocumented but stable part of Node.js; the tests run them for real. */
interface Responded {
  readonly request: ClientRequest
  readonly response: IncomingMessage
}

/**
 * Requests of node:http and node:https. They last until the last byte of the response has been read.
 *
 * `http.client.request.created` exists from Node.js 22.12. Before that the first sign is
 * `http.client.request.start`, which comes when the request has been written: the upload of a streamed body and the
 * time in the queue of a limited agent are missing there, and a request that fails before it lasts 0 s.
 */
export const http: Instrumentation = ({ report, now }) => {
  const startedAt = new WeakMap<ClientRequest, number>()
  const responded = new WeakSet<ClientRequest>()

  const start = ({ request }: { request: ClientRequest }): void => {
    if (!startedAt.has(request)) startedAt.set(request, now())
  }
  const end = (request: ClientRequest, status: number, endedAt: number, error: string): void => {
    const durationSeconds = (endedAt - (startedAt.get(request) ?? endedAt)) / 1000
    if (request.method !== 'CONNECT')
      report({ method: request.method, url: urlOf(request), status, durationSeconds, error })
  }
  return {
    'http.client.request.created': start,
    'http.client.request.start': start,
    'http.client.request.error'({ request, error }: { request: ClientRequest; error: unknown }) {
      // Behind the response, it is the response that shows how the request ended.
      if (responded.has(request)) return
      responded.add(request)
      end(request, 0, now(), errorName(error))
    },
    'http.client.response.finish'({ request, response }: Responded) {
      const respondedAt = now()
      const status = response.statusCode ?? 0
      responded.add(request)
      response.once('close', () => {
        if (response.complete) end(request, status, now(), '')
        else if (isAbandoned(response)) end(request, status, respondedAt, '')
        else end(request, status, now(), errorName(response.socket.errored ?? response.errored))
      })
    },
  }
}

/** Whether the program itself lost interest in the rest of the response, which is not a failure. */
function isAbandoned({ socket }: IncomingMessage): boolean {
  return socket.errored === null ? !socket.readableEnded : socket.errored.name === 'AbortError'
}

function urlOf({ protocol, host, path }: ClientRequest): string {
  if (path.startsWith('/')) return `${protocol}//${host}${path}`
  // A request to a proxy carries the whole URL.
  return path.includes('://') ? path : `${protocol}//${host}`
}
