import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { once } from 'node:events'
import {
  connect,
  constants,
  createSecureServer,
  createServer,
  type ClientHttp2Session,
  type Http2Server,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { Client, credentials, type ServiceError } from '@grpc/grpc-js'
import { Agent, request } from 'undici'
import { instrumentHttp2 } from '../../../client/src/instrument/http2.ts'
import { listen, type HttpCall } from '../../../client/src/instrument/instrumentation.ts'
import { undici } from '../../../client/src/instrument/undici.ts'
import { createCertificate } from '../../support/certificates.ts'
import { waitFor } from '../../support/time/wait-for.ts'

/** How the server behaves on each path. */
const behaviours: Record<string, (stream: ServerHttp2Stream) => void> = {
  '/ok': (stream) => {
    stream.respond({ ':status': 200, 'http-version': '2.0' })
    stream.end('fine')
  },
  '/broken': (stream) => {
    stream.respond({ ':status': 503 }, { endStream: true })
  },
  '/endless': (stream) => {
    stream.respond({ ':status': 200 })
    stream.write('first')
  },
  '/hang': () => undefined,
  '/refused': (stream) => {
    stream.on('error', () => undefined)
    stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  },
  '/pay.Payments/Charge': (stream) => {
    stream.on('error', () => undefined)
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
    stream.on('wantTrailers', () => {
      stream.sendTrailers({ 'grpc-status': '0' })
    })
    stream.end(Buffer.alloc(5))
  },
  '/pay.Payments/Missing': (stream) => {
    const headers = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '5' }
    stream.respond(headers, { endStream: true })
  },
  '/pay.Payments/Down': (stream) => {
    const headers = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '14' }
    stream.respond(headers, { endStream: true })
  },
  '/pay.Payments/Hang': () => undefined,
}

let server: Http2Server
let url: string
let session: ClientHttp2Session
let calls: HttpCall[]
let stop: () => void

beforeAll(async () => {
  server = createServer()
  server.on('stream', (stream, headers) => behaviours[String(headers[':path']).split('?')[0] ?? '']?.(stream))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  // Before the instrumentation begins: sessions live long.
  session = connect(url)
  await once(session, 'connect')
})
afterAll(() => {
  session.destroy()
  server.close()
})
beforeEach(() => {
  calls = []
  const options = { now: () => performance.now(), report: (call: HttpCall) => calls.push(call) }
  const stops = [instrumentHttp2(options), listen(undici, options)]
  stop = () => {
    for (const each of stops) each()
  }
})
afterEach(() => {
  stop()
})

async function reported(): Promise<HttpCall[]> {
  await waitFor('the report of the call', () => calls.length > 0)
  return calls
}

describe('node:http2', () => {
  it.each([
    { path: '/ok', status: 200 },
    { path: '/broken', status: 503 },
  ])('reports $path as $status, once', async ({ path, status }) => {
    session.request({ ':path': `${path}?a=1` }).resume()
    const durationSeconds = expect.any(Number) as number
    expect(await reported()).toEqual([
      { method: 'GET', url: `${url}${path}?a=1`, status, durationSeconds, error: '' },
    ])
  })

  it('reports a stream that the server closes with an error, which the program still sees', async () => {
    const stream = session.request({ ':path': '/refused' })
    const [error] = (await once(stream, 'error')) as [NodeJS.ErrnoException]
    expect(error.code).toBe('ERR_HTTP2_STREAM_ERROR')
    expect(await reported()).toMatchObject([{ status: 0, error: 'ERR_HTTP2_STREAM_ERROR' }])
  })

  it('reports a connection that is refused', async () => {
    const nobody = createServer().listen(0, '127.0.0.1')
    await once(nobody, 'listening')
    const { port } = nobody.address() as AddressInfo
    nobody.close()
    const refused = connect(`http://127.0.0.1:${port}`).on('error', () => undefined)
    refused.request({ ':path': '/ok' }).on('error', () => undefined)
    expect(await reported()).toMatchObject([{ status: 0, error: 'ECONNREFUSED' }])
  })

  it('reports what the program aborts without a response as aborted, and with one as it was', async () => {
    session.request({ ':path': '/hang' }).close(constants.NGHTTP2_CANCEL)
    expect(await reported()).toMatchObject([{ status: 0, error: 'AbortError' }])
    calls = []
    const stream = session.request({ ':path': '/endless' })
    await once(stream, 'response')
    stream.close(constants.NGHTTP2_CANCEL)
    expect(await reported()).toMatchObject([{ status: 200, error: '' }])
  })

  it('leaves requests that undici makes with HTTP/2 to undici', async () => {
    const certificate = createCertificate({ name: 'vendor', ip: ['127.0.0.1'], dns: [] })
    const secure = createSecureServer(certificate).on('stream', behaviours['/ok']!)
    secure.listen(0, '127.0.0.1')
    await once(secure, 'listening')
    const agent = new Agent({ allowH2: true, connect: { ca: certificate.cert } })
    const secureUrl = `https://127.0.0.1:${(secure.address() as AddressInfo).port}/ok`
    const { body, headers } = await request(secureUrl, { dispatcher: agent })
    await body.text()
    await agent.close()
    secure.close()
    expect(headers['http-version']).toBe('2.0')
    await reported()
    expect(calls).toMatchObject([{ url: secureUrl, status: 200 }])
  })

  it('says nothing once it is stopped', async () => {
    stop()
    await once(session.request({ ':path': '/ok' }).resume(), 'close')
    expect(calls).toEqual([])
  })
})

describe('@grpc/grpc-js', () => {
  let client: Client
  const asIs = (bytes: Buffer): Buffer => bytes
  const call = (method: string, deadline: number): Promise<ServiceError | null> =>
    new Promise((resolve) => {
      client.makeUnaryRequest(
        `/pay.Payments/${method}`,
        asIs,
        asIs,
        Buffer.alloc(0),
        { deadline: Date.now() + deadline },
        resolve,
      )
    })

  beforeEach(() => {
    client = new Client(new URL(url).host, credentials.createInsecure())
  })
  afterEach(() => {
    client.close()
  })

  it.each([
    { method: 'Charge', code: undefined, status: 200 },
    { method: 'Missing', code: 5, status: 404 },
    { method: 'Down', code: 14, status: 503 },
  ])('reports $method as $status, once', async ({ method, code, status }) => {
    expect((await call(method, 20_000))?.code).toBe(code)
    expect(await reported()).toMatchObject([
      {
        method: 'POST',
        url: `${url}/pay.Payments/${method}`,
        operation: `pay.Payments/${method}`,
        status,
        error: '',
      },
    ])
  })

  it('reports a deadline that is over as a timeout', async () => {
    await new Promise<void>((resolve) => {
      client.waitForReady(Date.now() + 20_000, () => {
        resolve()
      })
    })
    expect((await call('Hang', 100))?.code).toBe(4)
    expect(await reported()).toMatchObject([{ status: 504, error: '' }])
  })
})
