import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pino, type Logger } from 'pino'
import { startExporter } from '../../src/app/exporter/exporter.ts'
import { startSolo } from '../../src/app/solo/solo.ts'
import { addToken, revokeToken } from '../../src/tokens/edit.ts'
import { sha256 } from '../../src/lib/http/bearer.ts'
import { fieldsOf } from '../../src/calls/otlp/protobuf.ts'
import { sample } from '../calls/support/calls.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

const line = '2\tGET\thttps://api.stripe.com/v1\t150\t200\n'

interface Service {
  readonly url: string
  readonly stop: () => Promise<void>
}

type Start = (folder: string, log: Logger, optional: boolean) => Promise<Service>

const listenAddress = { host: '127.0.0.1', port: 0 }
const options = (folder: string, optional: boolean) => ({
  configFile: join(folder, 'targets.yml'),
  listenAddress,
  externalUrl: new URL('https://example.org/probity'),
  tokens: { file: join(folder, 'tokens.jsonl'), optional },
})

const services: readonly [string, Start][] = [
  ['exporter', (folder, log, optional) => startExporter(options(folder, optional), { log, env: {} })],
  [
    'solo',
    (folder, log, optional) =>
      startSolo(
        { ...options(folder, optional), storagePath: folder },
        { log, env: {}, stdout: { write: () => true } },
      ),
  ],
]

describe.each(services)('the tokens of %s', (_name, startService) => {
  let folder: string
  let tokensFile: string
  let logged: string
  let service: Service | undefined

  beforeEach(async () => {
    folder = await tempFolder()
    tokensFile = join(folder, 'tokens.jsonl')
    logged = ''
    await writeFile(join(folder, 'targets.yml'), 'targets: [{ name: pay, calls: { host: stripe } }]\n')
  })

  afterEach(async () => {
    await service?.stop()
    service = undefined
  })

  const start = async (optional = true): Promise<Service> => {
    const log = pino({ level: 'debug' }, { write: (text: string) => (logged += text) })
    return (service = await startService(folder, log, optional))
  }

  const post = (path: string, token?: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${service?.url ?? ''}${path}`, {
      method: 'POST',
      body: path.includes('traces') ? '{}' : line,
      headers: { ...headers, ...(token !== undefined && { Authorization: `Bearer ${token}` }) },
    })

  const createToken = (name: string): Promise<string> =>
    addToken(tokensFile, { name, scopes: ['calls'], now: Date.now() })

  const ofAnotherScope = async (): Promise<string> => {
    const token = { name: 'cron', scopes: ['heartbeat'], sha256: sha256('other').toString('hex') }
    const created = new Date(0).toISOString()
    await writeFile(tokensFile, `${JSON.stringify({ ...token, created })}\n`)
    return 'other'
  }

  it('are required for calls once there is one, at every path, and for nothing else', async () => {
    const other = await ofAnotherScope()
    const shop = await createToken('shop')
    const { url } = await start()
    for (const path of ['/api/v1/calls', '/API/v1/calls/', '/probity/api/v1/calls', '/v1/traces']) {
      const json = { 'Content-Type': 'application/json' }
      const without = await post(path, undefined, json)
      expect([path, without.status, without.headers.get('www-authenticate')]).toEqual([path, 401, 'Bearer'])
      expect(await without.text()).toContain('a token of scope calls is required: send it as')
      const wrong = await post(path, `${shop}x`, json)
      expect([wrong.status, await wrong.text()]).toEqual([401, expect.stringContaining('is unknown')])
      const another = await post(path, other, json)
      expect([another.status, await another.text()]).toEqual([
        403,
        expect.stringContaining('the token cron does not have the scope calls'),
      ])
      expect((await post(path, shop, json)).status).toBe(200)
    }
    for (const path of ['/metrics', '/sd', '/api/v1/targets', '/-/ready'])
      expect((await fetch(url + path)).status).toBe(200)
    expect(
      sample(
        await (await fetch(`${url}/metrics`)).text(),
        'api_call_messages_total{protocol="http",result="accepted"}',
      ),
    ).toBe(3)
  })

  it('are refused in the encoding of the spans', async () => {
    await createToken('shop')
    await start()
    const type = 'application/x-protobuf'
    const response = await post('/v1/traces', undefined, { 'Content-Type': type })
    expect(response.headers.get('content-type')).toBe(type)
    const [code] = [...fieldsOf(new Uint8Array(await response.arrayBuffer()))]
    expect([code!.number, code!.integer]).toEqual([1, 16n])
    expect((await post('/v1/traces', undefined, { 'Content-Type': 'text/plain' })).status).toBe(401)
  })

  it('may be in the query of /api/v1/calls, and are not logged', async () => {
    const shop = await createToken('shop')
    await start()
    expect((await post(`/api/v1/calls?token=${shop}`)).status).toBe(200)
    expect((await post(`/api/v1/calls?a=1&token=${shop}x`)).status).toBe(401)
    expect((await post('/api/v1/calls?token=')).status).toBe(401)
    const traces = await post(`/v1/traces?token=${shop}`, undefined, { 'Content-Type': 'application/json' })
    expect(traces.status).toBe(401)
    const failed = await post(`/api/v1/calls?token=${shop}`, undefined, { 'Content-Encoding': 'nothing' })
    expect([failed.status, await failed.text()]).toEqual([415, expect.not.stringContaining(shop)])
    expect(logged).not.toContain(shop)
  })

  it('take effect when they are created and revoked, without a restart', async () => {
    await start(false)
    expect(logged).toContain('until probity token create makes it, no token is required')
    expect((await post('/api/v1/calls')).status).toBe(200)
    const shop = await createToken('shop')
    await waitFor('the token', async () => (await post('/api/v1/calls')).status === 401)
    expect((await post('/api/v1/calls', shop)).status).toBe(200)
    await createToken('cron')
    await revokeToken(tokensFile, 'shop')
    await waitFor('the end of the token', async () => (await post('/api/v1/calls', shop)).status === 401)
    await revokeToken(tokensFile, 'cron')
    await waitFor('the end of the last', async () => (await post('/api/v1/calls')).status === 200)
  })

  it('stay in force when their file is damaged or gone', async () => {
    const shop = await createToken('shop')
    await start()
    await writeFile(tokensFile, '{')
    await waitFor('the complaint', () =>
      logged.includes(
        `${tokensFile}:1: the line is not valid JSON: the tokens that were read before stay in force`,
      ),
    )
    expect([(await post('/api/v1/calls')).status, (await post('/api/v1/calls', shop)).status]).toEqual([
      401, 200,
    ])
    await rm(tokensFile)
    await waitFor('the other complaint', () => logged.includes(`${tokensFile} is gone`))
    expect([(await post('/api/v1/calls')).status, (await post('/api/v1/calls', shop)).status]).toEqual([
      401, 200,
    ])
  })

  it('that are damaged at the start prevent it', async () => {
    await writeFile(tokensFile, '\n{}\n')
    await expect(start()).rejects.toMatchObject({
      code: 'TOKENS_INVALID',
      message: `${tokensFile}:2: name is not valid`,
    })
  })
})
