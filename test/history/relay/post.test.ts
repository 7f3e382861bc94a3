import { createServer, type RequestListener, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { postChecks, type Posted } from '../../../src/history/relay/post.ts'

let server: Server | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function answeredBy(listener: RequestListener): Promise<Posted> {
  server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return postTo(new URL(`http://127.0.0.1:${port}/x/api/v1/results`))
}

function postTo(url: URL): Promise<Posted> {
  return postChecks({ url, token: 'secret', checks: [], signal: new AbortController().signal, now: Date.now })
}

it('sends its token, and understands the answer', async () => {
  const answer = { location: 'berlin', accepted: 1, refused: 0, why: [] }
  let asked: unknown
  const posted = await answeredBy((request, response) => {
    asked = [request.method, request.url, request.headers.authorization]
    response.end(JSON.stringify(answer))
  })
  expect(posted).toEqual({ answer })
  expect(asked).toEqual(['POST', '/x/api/v1/results', 'Bearer secret'])
})

it.each<[number, string, Record<string, string>, Posted]>([
  [200, '<html>', {}, { problem: 'what answers is not a Probity that receives checks' }],
  [
    302,
    '',
    { location: 'http://127.0.0.1:1/' },
    { problem: 'it answers 302 and leads elsewhere: use the URL of the server itself' },
  ],
  [
    503,
    '{"error":"try\\u001b[2J again"}',
    { 'retry-after': '7' },
    { problem: 'it answers 503: try again', retryAfter: 7 },
  ],
  [
    403,
    'the token does not\nhave the scope\n',
    {},
    { problem: 'it answers 403: the token does not have the scope' },
  ],
])('%i is a problem', async (status, body, headers, expected) => {
  expect(await answeredBy((_request, response) => response.writeHead(status, headers).end(body))).toEqual(
    expected,
  )
})

it('reads no answer without end', async () => {
  const posted = await answeredBy((_request, response) => {
    response.writeHead(500)
    const more = (): void =>
      void (response.destroyed || (response.write('x'.repeat(10_000)), setImmediate(more)))
    more()
  })
  expect(posted).toMatchObject({ problem: expect.stringMatching(/^it answers 500: x{200}/) as string })
})

it('says why nobody answers', async () => {
  const free = createServer().listen(0, '127.0.0.1')
  await once(free, 'listening')
  const { port } = free.address() as AddressInfo
  free.close()
  await once(free, 'close')
  expect(await postTo(new URL(`http://127.0.0.1:${port}/`))).toEqual({
    problem: expect.stringContaining('ECONNREFUSED') as string,
  })
})
