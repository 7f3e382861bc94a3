import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pino } from 'pino'
import { startSolo, type Solo } from '../../../src/app/solo/solo.ts'
import { receivedAnswer } from '../../../src/history/relay/wire.ts'
import { addToken } from '../../../src/tokens/edit.ts'
import { withDatabase } from '../../support/embedded.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

let solo: Solo
const secrets: Record<string, string> = {}

beforeAll(async () => {
  const folder = await withDatabase(await tempFolder())
  const tokens = join(folder, 'tokens.jsonl')
  const now = Date.now()
  secrets['berlin'] = await addToken(tokens, { name: 'berlin', scopes: ['results'], now })
  secrets['center'] = await addToken(tokens, { name: 'center', scopes: ['results'], now })
  secrets['caller'] = await addToken(tokens, { name: 'caller', scopes: ['calls'], now })
  secrets['old'] = await addToken(tokens, {
    name: 'old',
    scopes: ['results'],
    now: now - 20_000,
    lifetime: 10,
  })
  await writeFile(join(folder, 'targets.yml'), 'targets: [{ name: job, heartbeat: 1d }]')
  solo = await startSolo(
    {
      configFile: join(folder, 'targets.yml'),
      listenAddress: { host: '127.0.0.1', port: 0 },
      storagePath: folder,
      history: { folder: join(folder, 'history') },
      location: 'center',
      tokens: { file: tokens, optional: false },
    },
    { log: pino({ level: 'silent' }), env: {}, stdout: { write: () => true } },
  )
})

afterAll(() => solo.stop())

const check = {
  target: 'shop',
  labels: {},
  at: new Date().toISOString(),
  durationSeconds: 0.1,
  intervalSeconds: 30,
  success: true,
}

async function send(who: string | undefined, body: unknown, type = 'application/json') {
  const headers: Record<string, string> = { 'Content-Type': type }
  if (who !== undefined) headers['Authorization'] = `Bearer ${secrets[who] ?? who}`
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(`${solo.url}/api/v1/results`, { method: 'POST', headers, body: text })
  const said = await response.text()
  return { status: response.status, said, challenge: response.headers.get('www-authenticate') }
}

it('is answered when it is stored', async () => {
  // The first answer may say that the database is not open yet.
  const said = await waitFor('it is stored', async () => {
    const answer = await send('berlin', { checks: [check] })
    expect(answer.status).toBeOneOf([200, 503])
    return answer.status === 200 && answer.said
  })
  expect(receivedAnswer.strict().parse(JSON.parse(said))).toEqual({
    location: 'berlin',
    accepted: 1,
    refused: 0,
    why: [],
  })
  const metrics = await (await fetch(`${solo.url}/metrics`)).text()
  expect(metrics).toContain('probity_results_received_total{location="berlin",result="accepted"} 1')
})

it.each<[string | undefined, number, string]>([
  [undefined, 401, 'a token of scope results is required: send it as "Authorization: Bearer TOKEN"'],
  ['wrong', 401, 'the token is unknown: it may have been revoked'],
  ['old', 401, 'the token old expired at '],
  [
    'caller',
    403,
    'the token caller does not have the scope results, so it may not report checks of another location',
  ],
])('a token is wanted also where nothing else is closed: %s', async (who, status, words) => {
  expect((await fetch(`${solo.url}/api/v1/targets`)).status).toBe(200)
  const answer = await send(who, { checks: [check] })
  expect(answer.status).toBe(status)
  expect(answer.said).toContain(words)
  expect(answer.challenge).toBe('Bearer')
})

it('a token cannot have the name of the location of the server itself', async () => {
  const { status, said } = await send('center', { checks: [check] })
  expect(status).toBe(409)
  expect(JSON.parse(said)).toEqual({
    error:
      'the token has the name center, which is the location of this server itself: create a token with another name',
  })
})

it.each<[unknown, string, number, RegExp]>([
  [{ checks: [] }, 'application/json', 400, /^\{"error":"the body is not a batch of checks/],
  [{ checks: Array(1001).fill(check) }, 'application/json', 400, /1 to 1000 of them/],
  [{ checks: [check] }, 'text/plain', 400, /^\{"error":"the body is not a batch of checks/],
  ['{"checks":[', 'application/json', 400, /./],
  [{ checks: [{ ...check, padding: 'x'.repeat(1024 * 1024) }] }, 'application/json', 413, /too large/],
])('what is not a batch, or too large, is refused: %#', async (body, type, status, words) => {
  const answer = await send('berlin', body, type)
  expect(answer.status).toBe(status)
  expect(answer.said).toMatch(words)
})
