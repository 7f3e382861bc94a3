import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Agent, request } from 'undici'
import { listen, type HttpCall } from '../../../client/src/instrument/instrumentation.ts'
import { undici as instrumentation } from '../../../client/src/instrument/undici.ts'
import { waitFor } from '../../support/time/wait-for.ts'
import { closedUrl, startVendor, type Vendor } from '../support/vendor.ts'

let vendor: Vendor
let secure: Vendor
let calls: HttpCall[]
let stop: () => void

beforeAll(async () => {
  vendor = await startVendor()
  secure = await startVendor({ tls: true })
})
afterAll(async () => {
  await vendor.stop()
  await secure.stop()
})
beforeEach(() => {
  calls = []
  stop = listen(instrumentation, { now: () => performance.now(), report: (call) => calls.push(call) })
})
afterEach(() => {
  stop()
})

async function reported(count = 1): Promise<HttpCall[]> {
  await waitFor('the report of the call', () => calls.length >= count)
  expect(calls).toHaveLength(count)
  return calls
}

describe('fetch', () => {
  it.each([
    { path: '/ok', status: 200 },
    { path: '/missing', status: 404 },
    { path: '/broken', status: 503 },
  ])('reports $path as $status', async ({ path, status }) => {
    await (await fetch(`${vendor.url}${path}?a=1`)).text()
    expect(await reported()).toEqual([
      {
        method: 'GET',
        url: `${vendor.url}${path}?a=1`,
        status,
        durationSeconds: expect.any(Number),
        error: '',
      },
    ])
    expect(calls[0]!.durationSeconds).toBeGreaterThan(0)
  })

  it.each(['/slow', '/slow-body'])('measures %s until the last byte', async (path) => {
    await (await fetch(vendor.url + path)).text()
    const [call] = await reported()
    expect(call!.durationSeconds).toBeGreaterThanOrEqual(0.055)
    expect(call!.durationSeconds).toBeLessThan(5)
  })

  it('reports a response whose body is never read', async () => {
    await fetch(`${vendor.url}/ok`)
    expect(await reported()).toMatchObject([{ status: 200, error: '' }])
  })

  it('reports each request of a redirect', async () => {
    await (await fetch(`${vendor.url}/moved`)).text()
    expect((await reported(2)).map(({ status }) => status)).toEqual([302, 200])
  })

  it('reports a body that was sent', async () => {
    const response = await fetch(`${vendor.url}/echo`, { method: 'POST', body: 'ping' })
    expect(await response.text()).toBe('ping')
    expect(await reported()).toMatchObject([{ method: 'POST', status: 200 }])
  })

  it('reports a connection that is refused', async () => {
    await expect(fetch(await closedUrl())).rejects.toThrow('fetch failed')
    expect(await reported()).toMatchObject([{ status: 0, error: 'ECONNREFUSED' }])
  })

  it('reports a connection that the server closes before it responds', async () => {
    await expect(fetch(`${vendor.url}/hang-up`)).rejects.toThrow('fetch failed')
    expect(await reported()).toMatchObject([{ status: 0, error: 'UND_ERR_SOCKET' }])
  })

  it('reports a response that the server cuts', async () => {
    await expect((await fetch(`${vendor.url}/cut`)).text()).rejects.toThrow('terminated')
    expect(await reported()).toMatchObject([{ status: 200, error: 'UND_ERR_SOCKET' }])
  })

  it('reports a request that the program gives up', async () => {
    await expect(fetch(`${vendor.url}/hang`, { signal: AbortSignal.timeout(30) })).rejects.toThrow()
    const [call] = await reported()
    expect(call).toMatchObject({ status: 0 })
    expect(['TimeoutError', 'AbortError']).toContain(call!.error)
  })

  it('does not call it a failure when the program needs no more of the body', async () => {
    const response = await fetch(`${vendor.url}/endless`)
    await response.body!.cancel()
    expect(await reported()).toMatchObject([{ status: 200, error: '' }])
  })

  it('reports https', async () => {
    await expect(fetch(`${secure.url}/ok`)).rejects.toThrow('fetch failed')
    expect(await reported()).toMatchObject([{ status: 0, error: 'DEPTH_ZERO_SELF_SIGNED_CERT' }])
  })
})

describe('the package undici', () => {
  it('reports requests', async () => {
    const { body } = await request(`${vendor.url}/ok`)
    await body.text()
    expect(await reported()).toMatchObject([
      { method: 'GET', url: `${vendor.url}/ok`, status: 200, error: '' },
    ])
  })

  it('reports https', async () => {
    const dispatcher = new Agent({ connect: { ca: secure.certificate } })
    const { body } = await request(`${secure.url}/ok`, { dispatcher })
    await body.text()
    await dispatcher.close()
    expect(await reported()).toMatchObject([{ url: `${secure.url}/ok`, status: 200, error: '' }])
  })

  it('does not call it a failure when the program needs no more of the body', async () => {
    const { body } = await request(`${vendor.url}/endless`)
    body.on('error', () => undefined).destroy()
    expect(await reported()).toMatchObject([{ status: 200, error: '' }])
  })

  it('reports a response that is too slow', async () => {
    await expect(request(`${vendor.url}/hang`, { headersTimeout: 30 })).rejects.toThrow()
    expect(await reported()).toMatchObject([{ status: 0, error: 'UND_ERR_HEADERS_TIMEOUT' }])
  })
})

it('is silent when it has been stopped', async () => {
  stop()
  await (await fetch(`${vendor.url}/ok`)).text()
  expect(calls).toEqual([])
})
