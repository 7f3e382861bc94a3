import { describe, expect, it } from 'vitest'
import type { OAuth2 } from '../../../src/checks/http/settings/auth.ts'
import { createHttpProber } from '../../../src/checks/http/probe.ts'
import { renewalTime } from '../../../src/checks/http/access/token-store.ts'
import { recordProbeLog } from '../../../src/checks/log.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { testClock } from '../../support/time/clock.ts'
import { httpCheck, pattern } from '../../support/http-check.ts'
import { jwt } from '../../support/jwt.ts'
import { deadUrl, startHttpPeer, type HttpPeer, type Reply } from '../../support/servers/http-peer.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const startSeconds = Date.parse('2026-11-20T12:00:00Z') / 1000

function json(status: number, body: unknown): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

/** An API that takes a token, the endpoint that hands it out, and a prober that has never asked either. */
async function setUp(settings: Partial<OAuth2> = {}) {
  let handedOut = 0
  const accepted = new Set<string>()
  const answer: { lifetime?: number } = { lifetime: 3600 }
  const login = await startHttpPeer(() => {
    const token = `token-${++handedOut}`
    accepted.add(`Bearer ${token}`)
    return json(200, { access_token: token, token_type: 'Bearer', expires_in: answer.lifetime })
  })
  const api = await startHttpPeer(({ headers }) => ({
    status: accepted.has(headers['authorization'] ?? '') ? 200 : 401,
  }))
  const clock = testClock()
  const probeHttp = createHttpProber()
  const auth: OAuth2 = {
    type: 'oauth2',
    tokenUrl: new URL(`${login.url}/token`),
    clientId: 'pro bity',
    clientSecret: 'open:sesame%1',
    scopes: ['read', 'write'],
    style: 'basic',
    ...settings,
  }
  const log = recordProbeLog(clock.monotonic)
  const probe = (overrides: Parameters<typeof httpCheck>[1] = {}, timeoutSeconds = 3): Promise<ProbeResult> =>
    runProbe(httpCheck(`${api.url}/v1`, { auth, ...overrides }), {
      timeoutSeconds,
      clock,
      log,
      probers: { http: () => Promise.resolve(probeHttp) },
    })
  return { login, api, clock, probe, accepted, answer, log }
}

const sentTokens = ({ received }: HttpPeer): (string | undefined)[] =>
  received.map(({ headers }) => headers['authorization'])

describe('a check with OAuth2', () => {
  it('asks for a token as RFC 6749 says, and presents it', async () => {
    const { login, api, probe } = await setUp({ audience: 'shop' })
    expect(await probe()).toMatchObject({ success: true })
    expect(login.received).toEqual([
      {
        method: 'POST',
        path: '/token',
        headers: expect.objectContaining({
          authorization: `Basic ${Buffer.from('pro%20bity:open%3Asesame%251').toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json',
        }),
        body: 'grant_type=client_credentials&scope=read+write&audience=shop',
      },
    ])
    expect(sentTokens(api)).toEqual(['Bearer token-1'])
  })

  it('can send its id and secret in the body', async () => {
    const { login, probe } = await setUp({ style: 'body', scopes: [] })
    expect(await probe()).toMatchObject({ success: true })
    const [request] = login.received
    expect(request!.headers['authorization']).toBeUndefined()
    expect(Object.fromEntries(new URLSearchParams(request!.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'pro bity',
      client_secret: 'open:sesame%1',
    })
  })

  it('tells when its token expires, and no phase of the probe is the time that it took to get', async () => {
    const { probe } = await setUp()
    const result = await probe()
    expect(result.credentials).toEqual([
      { name: 'oauth2', expiresAt: startSeconds + 3600, lifetimeSeconds: 3600 },
    ])
    expect(Object.keys(result.phases!)).toEqual(['resolve', 'connect', 'processing', 'transfer'])
  })

  it('keeps its token until a fifth of its lifetime is left', async () => {
    const { login, clock, probe } = await setUp()
    await probe()
    clock.advance(2879)
    await probe()
    expect(login.received).toHaveLength(1)
    clock.advance(1)
    const renewed = await probe()
    expect(login.received).toHaveLength(2)
    expect(renewed.credentials![0]!.expiresAt).toBe(startSeconds + 2880 + 3600)
  })

  it('renews at least 30 s early, and keeps what does not say when it ends for 5 minutes', () => {
    expect(renewalTime({ value: 'a', issuedAt: 1000, expiresAt: 1060 })).toBe(1030)
    expect(renewalTime({ value: 'a', issuedAt: 1000, expiresAt: 4600 })).toBe(3880)
    expect(renewalTime({ value: 'a', issuedAt: 1000 })).toBe(1300)
  })

  it('takes the end of the token itself where the endpoint says none', async () => {
    const { login, api, probe } = await setUp()
    const token = jwt({ exp: startSeconds + 600, iat: startSeconds })
    login.next.push(json(200, { access_token: token }))
    api.next.push({ status: 200 })
    expect(await probe()).toMatchObject({
      success: true,
      credentials: [{ name: 'oauth2', expiresAt: startSeconds + 600, lifetimeSeconds: 600 }],
    })
  })

  it('is asked for once by all who wait for it', async () => {
    const { login, probe } = await setUp()
    const results = await Promise.all(Array.from({ length: 5 }, () => probe()))
    expect(results.every(({ success }) => success)).toBe(true)
    expect(login.received).toHaveLength(1)
  })

  it('continues if the check that asked for it runs out of time', async () => {
    const { login, probe } = await setUp()
    login.next.push('silence')
    const impatient = probe({}, 0.2)
    await waitFor('the endpoint to be asked', () => login.received.length === 1)
    const patient = probe()
    expect((await impatient).failure).toEqual({
      reason: 'timeout',
      message: `no answer within 0.2s while waiting for a token from ${login.url}/token`,
    })
    expect(await patient).toMatchObject({ success: true })
    expect(login.received).toHaveLength(2)
  })

  it('drops a token that the server refuses, once', async () => {
    const { login, api, accepted, probe } = await setUp()
    await probe()
    accepted.clear()
    expect((await probe()).failure).toMatchObject({ reason: 'status' })
    expect(await probe()).toMatchObject({ success: true })
    expect(sentTokens(api)).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-2'])
    // An API that refuses every token does not make the endpoint busy.
    for (let check = 0; check < 5; check++) {
      api.next.push({ status: 401 })
      await probe()
    }
    expect(login.received).toHaveLength(3)
    // Once it has taken one again, the next refusal counts again.
    await probe()
    accepted.clear()
    await probe()
    await probe()
    expect(login.received).toHaveLength(4)
  })

  it('uses the token that it has while there is no new one', async () => {
    const { login, clock, probe } = await setUp()
    await probe()
    clock.advance(3000)
    login.next.push({ status: 500 }, { status: 500 })
    expect(await probe()).toMatchObject({ success: true, credentials: [{ expiresAt: startSeconds + 3600 }] })
    clock.advance(601)
    expect((await probe()).failure).toEqual({
      reason: 'status',
      message: `no token from ${login.url}/token: expected 200, got 500`,
    })
    expect(await probe()).toMatchObject({ success: true })
  })

  it.each<[string, HttpPeer['next'][number], string, string]>([
    ['refuses', json(401, { error: 'invalid_client' }), 'status', 'expected 200, got 401 (invalid_client)'],
    ['refuses in its own words', json(400, { error: '<b>open' }), 'status', 'expected 200, got 400'],
    ['redirects', { status: 302, headers: { location: '/elsewhere' } }, 'status', 'expected 200, got 302'],
    ['sends a page', { status: 200, body: '<html>' }, 'body', 'expected a JSON object, got something else'],
    ['sends no token', json(200, { token: 'a' }), 'body', 'expected an access_token'],
    [
      'sends a token with a line break',
      json(200, { access_token: 'a\r\nb: c' }),
      'body',
      'expected an access_token',
    ],
    [
      'sends a token of another type',
      json(200, { access_token: 'a', token_type: 'mac' }),
      'body',
      'of the type bearer',
    ],
    ['sends too much', { status: 200, body: 'x'.repeat(70_000) }, 'size', 'larger than'],
    ['resets', 'reset', 'connect', 'the server closed the connection before it answered'],
    ['never ends', 'endless answer', 'size', 'larger than'],
  ])('fails where its token endpoint %s', async (_name, reply, reason, message) => {
    const { login, api, probe } = await setUp()
    login.next.push(reply)
    const { success, failure, http } = await probe()
    expect({ success, reason: failure!.reason, statusCode: http!.statusCode }).toEqual({
      success: false,
      reason,
      statusCode: 0,
    })
    expect(failure!.message).toContain(`no token from ${login.url}/token: `)
    expect(failure!.message).toContain(message)
    expect(failure!.message).not.toContain('<b>')
    expect(api.received).toEqual([])
    expect(await probe()).toMatchObject({ success: true })
  })

  it('fails where nobody listens', async () => {
    const { probe } = await setUp({ tokenUrl: new URL(`${deadUrl}/token`) })
    expect((await probe()).failure).toMatchObject({
      reason: 'connect',
      message: expect.stringContaining('no token from'),
    })
  })

  it('takes its token nowhere else, and repeats it to nobody', async () => {
    const { api, probe, log } = await setUp()
    const other = await startHttpPeer(() => ({ status: 200, headers: { 'x-name': 'token-1' } }))
    api.next.push({ status: 302, headers: { location: other.url } })
    expect(await probe()).toMatchObject({ success: true })
    expect(sentTokens(other)).toEqual([undefined])
    api.next.push({ status: 200, headers: { 'x-name': 'got token-1' } })
    const echoing = await probe({ expect: { headers: [{ name: 'x-name', pattern: pattern('^ada$') }] } })
    expect(echoing.failure!.message).toBe('expected header x-name to match "^ada$", got "got <secret>"')
    expect(JSON.stringify([log.lines, echoing])).not.toMatch(/token-1|sesame/)
  })
})
