import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A server of configurations, with an ETag as static file servers have it. */
export interface ConfigServer {
  readonly url: string
  readonly requests: IncomingHttpHeaders[]
  /** The statuses that were answered. */
  readonly statuses: number[]
  /** Serves this text from now on. */
  readonly serve: (text: string) => void
  /** Answers like this from now on. */
  answer: Answer
  readonly stop: () => Promise<void>
}

/** @param port Default: any that is free. */
export async function startConfigServer(text = '', port = 0): Promise<ConfigServer> {
  const requests: IncomingHttpHeaders[] = []
  const statuses: number[] = []
  const state = { answer: serving(text) }
  const server = createServer((request, response) => {
    requests.push(request.headers)
    response.on('finish', () => statuses.push(response.statusCode))
    state.answer(request, response)
  })
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/targets.yml`
  return Object.assign(state, {
    url,
    requests,
    statuses,
    serve(next: string) {
      state.answer = serving(next)
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  })
}

function serving(text: string): Answer {
  const etag = `"${Buffer.from(text).toString('base64url').slice(-40)}-${text.length}"`
  return (request, response) => {
    if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end()
    else response.writeHead(200, { etag, 'content-type': 'application/yaml' }).end(text)
  }
}
