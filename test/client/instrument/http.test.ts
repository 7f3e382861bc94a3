import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { once } from 'node:events'
import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { http as instrumentation } from '../../../client/src/instrument/http.ts'
import { listen, type HttpCall } from '../../../client/src/instrument/instrumentation.ts'
import { waitFor } from '../../support/time/wait-for.ts'
import { closedUrl, startVendor, type Vendor } from '../support/vendor.ts'

let plain: Vendor
let secure: Vendor
let calls: HttpCall[]
let stop: () => void

beforeAll(async () => {
  plain = await startVendor()
  secure = await startVendor({ tls: true })
})
afterAll(async () => {
  await plain.stop()
  await secure.stop()
})
beforeEach(() => {
  calls = []
  stop = listen(instrumentation, { now: () => performance.now(), report: (call) => calls.push(call) })
})
afterEach(() => {
  stop()
})

/** The only call, once it has been reported. */
async function reported(): Promise<HttpCall> {
  await waitFor('the report of the call', () => calls.length > 0)
  expect(calls).toHaveLength(1)
  return calls[0]!
}

async function respond(request: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return response
}

async function read(request: ClientRequest): Promise<string> {
  let text = ''
  for await (const chunk of await respond(request)) text += String(chunk)
  return text
}

/** Lets the error of a request that is meant to fail pass. */
function failing(request: ClientRequest): ClientRequest {
  return request.on('error', () => undefined)
}

describe('node:http', () => {
  it.each([
    { path: '/ok', status: 200 },
    { path: '/missing', status: 404 },
    { path: '/broken', status: 503 },
    { path: '/moved', status: 302 },
  ])('reports $path as $status', async ({ path, status }) => {
    await read(http.get(`${plain.url}${path}?a=1`))
    const call = await reported()
    expect(call).toEqual({
      method: 'GET',
      url: `http://127.0.0.1${path}?a=1`,
      status,
      durationSeconds: expect.any(Number),
      error: '',
    })
    expect(call.durationSeconds).toBeGreaterThan(0)
    expect(call.durationSeconds).toBeLessThan(5)
  })

  it.each(['/slow', '/slow-body'])('measures %s until the last byte', async (path) => {
    await read(http.get(plain.url + path))
    expect((await reported()).durationSeconds).toBeGreaterThanOrEqual(0.055)
  })

  it('reports each request of a kept-alive connection', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    for (let i = 0; i < 3; i++) await read(http.get(`${plain.url}/ok`, { agent }))
    await waitFor('all three', () => calls.length === 3)
    agent.destroy()
  })

  it('reports a body that was sent', async () => {
    const request = http.request(`${plain.url}/echo`, { method: 'POST' })
    request.end('ping')
    expect(await read(request)).toBe('ping')
    expect(await reported()).toMatchObject({ method: 'POST', status: 200, error: '' })
  })

  it('reports a response that nobody listens to', async () => {
    http.get(`${plain.url}/ok`)
    expect(await reported()).toMatchObject({ status: 200, error: '' })
  })

  it('reports a connection that is refused', async () => {
    const url = await closedUrl()
    failing(http.get(url))
    expect(await reported()).toMatchObject({ url: 'http://127.0.0.1/', status: 0, error: 'ECONNREFUSED' })
  })

  it('reports a request that fails before it has been written', async () => {
    const url = await closedUrl()
    failing(http.request(url, { method: 'POST' })).write('first part of many')
    expect(await reported()).toMatchObject({ method: 'POST', status: 0, error: 'ECONNREFUSED' })
  })

  it('reports a connection that the server closes before it responds', async () => {
    failing(http.get(`${plain.url}/hang-up`))
    expect(await reported()).toMatchObject({ status: 0, error: 'ECONNRESET' })
  })

  it('reports a response that the server cuts', async () => {
    const response = await respond(http.get(`${plain.url}/cut`))
    response.on('error', () => undefined).resume()
    expect(await reported()).toMatchObject({ status: 200, error: 'ECONNRESET' })
  })

  it('reports a request that the program gives up', async () => {
    const request = failing(http.get(`${plain.url}/hang`, { timeout: 30 }))
    request.on('timeout', () => request.destroy(Object.assign(new Error('too slow'), { code: 'ETIMEDOUT' })))
    expect(await reported()).toMatchObject({ status: 0, error: 'ETIMEDOUT' })
  })

  it('reports a response that the program gives up because of its slowness', async () => {
    const request = failing(http.get(`${plain.url}/endless`))
    const response = await respond(request)
    response.on('error', () => undefined)
    request.destroy(Object.assign(new Error('too slow'), { code: 'ETIMEDOUT' }))
    expect(await reported()).toMatchObject({ status: 200, error: 'ETIMEDOUT' })
  })

  it.each<{ how: string; leave: (request: ClientRequest, response: IncomingMessage) => void }>([
    { how: 'the response', leave: (_request, response) => response.destroy() },
    { how: 'the request', leave: (request) => request.destroy() },
  ])('does not call it a failure when the program needs no more of $how', async ({ leave }) => {
    const request = failing(http.get(`${plain.url}/endless`))
    const response = await respond(request)
    response.on('error', () => undefined)
    leave(request, response)
    expect(await reported()).toMatchObject({ status: 200, error: '' })
  })

  it('says the real URL of a request to a proxy', async () => {
    const request = http.request(plain.url, { path: 'http://api.example/v1?a=1' })
    failing(request).end()
    request.destroy()
    expect((await reported()).url).toBe('http://api.example/v1?a=1')
  })
})

describe('node:https', () => {
  it('reports requests', async () => {
    expect(await read(https.get(`${secure.url}/ok`, { ca: secure.certificate }))).toBe('fine')
    expect(await reported()).toMatchObject({ url: 'https://127.0.0.1/ok', status: 200, error: '' })
  })

  it('reports a response that the server cuts', async () => {
    const response = await respond(https.get(`${secure.url}/cut`, { ca: secure.certificate }))
    response.on('error', () => undefined).resume()
    expect(await reported()).toMatchObject({ status: 200, error: 'ECONNRESET' })
  })

  it('reports a certificate that is not trusted', async () => {
    failing(https.get(`${secure.url}/ok`))
    expect(await reported()).toMatchObject({ status: 0, error: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  })
})

it('is silent when it has been stopped', async () => {
  stop()
  await read(http.get(`${plain.url}/ok`))
  expect(calls).toEqual([])
})
