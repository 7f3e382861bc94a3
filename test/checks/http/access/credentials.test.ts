import { describe, expect, it } from 'vitest'
import { credentialMetrics } from '../../../../src/checks/shared/metrics/credential.ts'
import type { Checked, ProbeMetric, Sample } from '../../../../src/checks/metric.ts'
import { rateLimitMetrics } from '../../../../src/checks/http/rate-limit-metrics.ts'
import { createHttpProber } from '../../../../src/checks/http/probe.ts'
import type { CredentialResult, ProbeResult } from '../../../../src/checks/result.ts'
import { runProbe } from '../../../../src/checks/run.ts'
import { createCertificate } from '../../../support/certificates.ts'
import { testClock } from '../../../support/time/clock.ts'
import { startFaultServer } from '../../../support/servers/fault-server.ts'
import { httpCheck } from '../../../support/http-check.ts'
import { jwt } from '../../../support/jwt.ts'
import { deadUrl, startHttpPeer } from '../../../support/servers/http-peer.ts'
import { aResult } from '../../../support/target.ts'

type Overrides = NonNullable<Parameters<typeof httpCheck>[1]>

async function credentials(
  overrides: Overrides,
  url = deadUrl,
): Promise<readonly CredentialResult[] | undefined> {
  const result = await runProbe(httpCheck(url, overrides), { timeoutSeconds: 3 })
  return result.credentials
}

describe('the credentials of a check, also where the target cannot be reached', () => {
  const token = jwt({ iat: 1000, exp: 4600 })
  const lifetime = { name: 'bearer', expiresAt: 4600, lifetimeSeconds: 3600 }

  it.each<[string, Overrides, object | undefined]>([
    ['a bearer token', { auth: { type: 'bearer', token } }, lifetime],
    ['a bearer token in a header', { headers: { Authorization: `bearer ${token}` } }, lifetime],
    ['an opaque token', { auth: { type: 'bearer', token: 'sk_live_abc' } }, undefined],
    ['a password', { auth: { type: 'basic', username: 'ada', password: token } }, undefined],
    [
      'a password that expires',
      { auth: { type: 'basic', username: 'ada', password: 'a' }, credentialExpires: 5000 },
      { name: 'basic', expiresAt: 5000 },
    ],
    [
      'a token that is said to expire sooner',
      { auth: { type: 'bearer', token }, credentialExpires: 2000 },
      { name: 'bearer', expiresAt: 2000 },
    ],
    [
      'a key in a header',
      { headers: { 'X-Api-Key': 'a' }, credentialExpires: 5000 },
      { name: 'key', expiresAt: 5000 },
    ],
    ['nothing', {}, undefined],
  ])('%s', async (_name, overrides, expected) => {
    expect(await credentials(overrides)).toEqual(expected && [expected])
  })

  it.each([
    ['2027-01-31 12:00:00 UTC', '2027-01-31T12:00:00Z'],
    ['2027-01-31 12:00:00 -0800', '2027-01-31T20:00:00Z'],
    ['2027-01-31T12:00:00Z', '2027-01-31T12:00:00Z'],
    ['2027-13-31 12:00:00 UTC', undefined],
    ['2027-01-31', undefined],
    ['never', undefined],
  ])('are what GitHub says of a token: %s', async (said, instant) => {
    const api = await startHttpPeer(() => ({
      status: 200,
      headers: { 'github-authentication-token-expiration': said },
    }))
    const auth = { type: 'bearer', token: 'github_pat_a' } as const
    expect(await credentials({ auth }, api.url)).toEqual(
      instant && [{ name: 'bearer', expiresAt: Date.parse(instant) / 1000 }],
    )
    expect(await credentials({ auth, credentialExpires: 5000 }, api.url)).toEqual([
      { name: 'bearer', expiresAt: 5000 },
    ])
  })

  it('are not what another server says after a redirect', async () => {
    const other = await startHttpPeer(() => ({
      status: 200,
      headers: { 'github-authentication-token-expiration': '2027-01-31 12:00:00 UTC' },
    }))
    const api = await startHttpPeer(() => ({ status: 302, headers: { location: other.url } }))
    expect(await credentials({ auth: { type: 'bearer', token: 'github_pat_a' } }, api.url)).toBeUndefined()
  })

  it('are the certificate of the client, too', async () => {
    const notBefore = new Date('2026-11-01T00:00:00Z')
    const notAfter = new Date('2026-12-01T00:00:00Z')
    const client = createCertificate({ name: 'probity', notBefore, notAfter })
    const tls = { verify: true, cert: { text: client.cert }, key: { text: client.key } }
    expect(await credentials({ tls }, deadUrl.replace('http:', 'https:'))).toEqual([
      { name: 'mtls', expiresAt: notAfter.getTime() / 1000, lifetimeSeconds: 30 * 86_400 },
    ])
    expect(await credentials({ tls })).toBeUndefined()
  })

  it('break nothing where the server breaks everything', async () => {
    const server = await startFaultServer({ onConnection: (socket) => socket.destroy() })
    expect(await credentials({ auth: { type: 'bearer', token } }, server.url)).toEqual([lifetime])
    await server.stop()
  })
})

describe('the rate limit of a target', () => {
  const clock = testClock()
  const now = clock.now() / 1000
  const probeHttp = createHttpProber()
  const probe = (url: string): Promise<ProbeResult> =>
    runProbe(httpCheck(url), {
      timeoutSeconds: 3,
      clock,
      probers: { http: () => Promise.resolve(probeHttp) },
    })

  it('is what its last answer says', async () => {
    const api = await startHttpPeer(() => ({
      status: 200,
      headers: { RateLimit: '"a";r=3;t=60', 'RateLimit-Policy': '"a";q=100' },
    }))
    const redirecting = await startHttpPeer(() => ({
      status: 302,
      headers: { location: api.url, 'X-RateLimit-Remaining': '999' },
    }))
    const expected = { limit: 100, remaining: 3, resetAt: now + 60 }
    expect(await probe(api.url)).toMatchObject({ success: true, rateLimit: expected })
    expect(await probe(redirecting.url)).toMatchObject({ success: true, rateLimit: expected })
  })

  it('is notified of a refusal, too, and not at all where nothing is said', async () => {
    const api = await startHttpPeer(() => ({ status: 429, headers: { 'Retry-After': '120' } }))
    expect(await probe(api.url)).toMatchObject({
      success: false,
      failure: { reason: 'status' },
      rateLimit: { remaining: 0, resetAt: now + 120 },
    })
    api.next.push({ status: 200 })
    expect((await probe(api.url)).rateLimit).toBeUndefined()
  })
})

describe('their metrics', () => {
  function samples(metrics: readonly ProbeMetric[], result: ProbeResult): Record<string, readonly Sample[]> {
    const probe: Checked = { result, timeoutSeconds: 1 }
    return Object.fromEntries(metrics.map((metric) => [metric.name, metric.samples(probe)]))
  }

  it('are there if something is known', () => {
    const result = aResult({
      credentials: [
        { name: 'oauth2', expiresAt: 5000, lifetimeSeconds: 3600 },
        { name: 'mtls', expiresAt: 9000 },
      ],
      rateLimit: { limit: 100, remaining: 0 },
    })
    expect(samples([...credentialMetrics, ...rateLimitMetrics], result)).toEqual({
      probe_credential_expiry_timestamp_seconds: [
        { labels: { credential: 'oauth2' }, value: 5000 },
        { labels: { credential: 'mtls' }, value: 9000 },
      ],
      probe_credential_lifetime_seconds: [{ labels: { credential: 'oauth2' }, value: 3600 }],
      probe_ratelimit_limit: [100],
      probe_ratelimit_remaining: [0],
      probe_ratelimit_reset_timestamp_seconds: [],
    })
    expect(Object.values(samples([...credentialMetrics, ...rateLimitMetrics], aResult())).flat()).toEqual([])
  })
})
