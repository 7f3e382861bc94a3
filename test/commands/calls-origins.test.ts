import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pino } from 'pino'
import { startExporter } from '../../src/app/exporter/exporter.ts'
import type { Exporter } from '../../src/app/exporter/running.ts'
import { addToken, revokeToken } from '../../src/tokens/edit.ts'
import { sample } from '../calls/support/calls.ts'
import { describeInBrowser } from '../support/programs/browser.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

const line = '2\tGET\thttps://api.stripe.com/v1\t150\t200\n'
const accepted = 'api_call_messages_total{protocol="http",result="accepted"}'

let folder: string
let exporter: Exporter | undefined

beforeEach(async () => {
  folder = await tempFolder()
  await writeFile(join(folder, 'targets.yml'), 'targets: [{ name: pay, calls: { host: stripe } }]\n')
})

afterEach(async () => {
  await exporter?.stop()
  exporter = undefined
})

const tokensFile = (): string => join(folder, 'tokens.jsonl')
const createToken = (): Promise<string> => addToken(tokensFile(), { name: 'web', scopes: ['calls'], now: 0 })

async function start(corsOrigins: readonly string[]): Promise<Exporter> {
  exporter = await startExporter(
    {
      configFile: join(folder, 'targets.yml'),
      listenAddress: { host: '127.0.0.1', port: 0 },
      externalUrl: new URL('https://example.org/probity'),
      corsOrigins,
      tokens: { file: tokensFile(), optional: true },
    },
    { log: pino({ level: 'silent' }), env: {} },
  )
  return exporter
}

const count = async ({ url }: Exporter): Promise<number | undefined> =>
  sample(await (await fetch(`${url}/metrics`)).text(), accepted)

const ask = (path: string, method: string, origin: string): Promise<Response> =>
  fetch(`${exporter?.url ?? ''}${path}`, {
    method,
    headers: { Origin: origin },
    ...(method === 'POST' && { body: line }),
  })

describe('the origins that may report calls', () => {
  it.each(['/api/v1/calls', '/v1/traces', '/probity/api/v1/calls'])(
    'get an answer to a preflight: %s',
    async (path) => {
      await createToken()
      await start(['https://shop.example'])
      const listed = await ask(path, 'OPTIONS', 'https://shop.example')
      expect([listed.status, Object.fromEntries(listed.headers)]).toEqual([
        204,
        expect.objectContaining({
          'access-control-allow-origin': 'https://shop.example',
          'access-control-allow-credentials': 'true',
          'access-control-allow-methods': 'POST',
          'access-control-allow-headers': 'Authorization, Content-Encoding, Content-Type',
          vary: 'Origin',
        }),
      ])
      for (const origin of ['https://shop.example.org', 'http://shop.example', 'null'])
        expect((await ask(path, 'OPTIONS', origin)).headers.get('access-control-allow-origin')).toBeNull()
    },
  )

  it('are exact, and still need the token', async () => {
    const token = await createToken()
    const running = await start(['https://shop.example'])
    const path = `/api/v1/calls?token=${token}`
    expect((await ask(path, 'POST', 'https://shop.example')).status).toBe(200)
    const without = await ask('/api/v1/calls', 'POST', 'https://shop.example')
    expect([without.status, without.headers.get('access-control-allow-origin')]).toEqual([
      401,
      'https://shop.example',
    ])
    expect((await ask(path, 'POST', 'https://other.example')).status).toBe(403)
    expect((await ask('/api/v1/heartbeat/x', 'POST', 'https://shop.example')).status).toBe(403)
    expect(await count(running)).toBe(1)
  })

  it('may be all of them only while a token is required', async () => {
    await expect(start(['*'])).rejects.toMatchObject({
      code: 'ORIGINS_INVALID',
      message:
        '--calls.cors-origins=* lets every page report calls: create a token of scope calls first, or list the origins',
    })
    const path = `/api/v1/calls?token=${await createToken()}`
    await start(['*'])
    const answer = await ask(path, 'POST', 'https://any.example')
    expect([answer.status, answer.headers.get('access-control-allow-credentials')]).toEqual([200, null])
    await revokeToken(tokensFile(), 'web')
    await waitFor('the end of the token', async () => {
      return (await ask(path, 'POST', 'https://any.example')).status === 403
    })
  })
})

describeInBrowser('a page in Chromium', (visit) => {
  let shop: Server
  let origin: string

  beforeEach(async () => {
    shop = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>shop</title>')
    }).listen(0, '127.0.0.1')
    await once(shop, 'listening')
    origin = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
  })

  afterEach(() => {
    shop.close()
    shop.closeAllConnections()
  })

  it('may send a beacon if its origin is listed', async () => {
    const token = await createToken()
    const running = await start([origin])
    const { page } = await visit(origin)
    const url = `${running.url}/api/v1/calls?token=${token}`
    expect(await page.evaluate(`navigator.sendBeacon(${JSON.stringify(url)}, ${JSON.stringify(line)})`)).toBe(
      true,
    )
    await waitFor('the call', async () => (await count(running)) === 1)
  })

  it('may not if its origin is not listed', async () => {
    const token = await createToken()
    const running = await start(['https://shop.example'])
    const { page } = await visit(origin)
    const url = `${running.url}/api/v1/calls?token=${token}`
    // What a beacon is to the server, but it can be waited for.
    const request = `{ method: 'POST', mode: 'no-cors', body: ${JSON.stringify(line)} }`
    const sent = `fetch(${JSON.stringify(url)}, ${request}).then(() => 'taken', () => 'refused')`
    expect(await page.evaluate(sent)).toBe('refused')
    expect(await count(running)).toBe(0)
  })
})
