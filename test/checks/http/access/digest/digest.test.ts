import { describe, expect, it } from 'vitest'
import { recordProbeLog } from '../../../../../src/checks/log.ts'
import type { ProbeResult } from '../../../../../src/checks/result.ts'
import { runProbe } from '../../../../../src/checks/run.ts'
import { startFaultServer } from '../../../../support/servers/fault-server.ts'
import { redirectTo } from '../../../../support/servers/faults.ts'
import { startHttpPeer } from '../../../../support/servers/http-peer.ts'
import { parseTarget } from '../../../../support/parse-config.ts'
import { startDigestServer, type DigestServerOptions } from './server.ts'

const digest = { username: 'Mufasa', password: 'Circle of Life' }

type Keys = Readonly<Record<string, unknown>>

async function probe(url: string, keys: Keys = {}): Promise<{ result: ProbeResult; shown: string }> {
  const written = { name: 'it', url, auth: { digest }, ...keys }
  const target = parseTarget(`targets: [${JSON.stringify(written)}]`)
  const log = recordProbeLog(() => 0)
  const result = await runProbe(target.check, { timeoutSeconds: 5, log })
  return { result, shown: JSON.stringify([target.shown, log.lines, result]) }
}

describe('a check with digest authentication', () => {
  it.each<[string, DigestServerOptions]>([
    ['MD5, as nothing is said', {}],
    ['MD5', { algorithm: 'MD5' }],
    ['MD5-sess', { algorithm: 'MD5-sess' }],
    ['SHA-256', { algorithm: 'SHA-256' }],
    ['SHA-256-sess', { algorithm: 'SHA-256-sess' }],
    ['a server from before RFC 2617', { qop: undefined }],
    ['a realm in other letters', { realm: 'Büro – 日本' }],
  ])('proves its password to a server with %s', async (_name, options) => {
    const server = await startDigestServer(options)
    const { result } = await probe(`${server.url}/dir/index.html?a=1`)
    expect(result.failure).toBeUndefined()
    const [first, second] = server.heard()
    expect(first).toBeUndefined()
    expect(second).toMatchObject({ username: 'Mufasa', uri: '/dir/index.html?a=1' })
    expect(server.received).toHaveLength(2)
    expect(result.http).toMatchObject({ statusCode: 200, redirects: 0 })
  })

  it('sends method and body again, and counts how often it uses a nonce', async () => {
    const server = await startDigestServer()
    const { result } = await probe(server.url, { method: 'POST', body: 'order' })
    expect(result.success).toBe(true)
    expect(server.received.map(({ method, body }) => [method, body])).toEqual([
      ['POST', 'order'],
      ['POST', 'order'],
    ])
    expect(server.heard()[1]).toMatchObject({ qop: 'auth', nc: '00000001' })
    expect(server.heard()[1]!['cnonce']).toMatch(/^[0-9a-f]{32}$/)
  })

  it('asks again once with a new nonce where the old one was stale', async () => {
    const server = await startDigestServer({ uses: 0 })
    const { result } = await probe(server.url)
    expect(result.failure).toEqual({ reason: 'status', message: 'expected 2xx, got 401' })
    expect(server.heard().map((fields) => fields?.['nonce'])).toEqual([undefined, 'nonce-1', 'nonce-2'])
  })

  it('succeeds with the new nonce', async () => {
    const server = await startDigestServer()
    const old = 'Digest realm="http-auth@example.org", nonce="old", qop="auth"'
    server.next.push({ status: 401, headers: { 'WWW-Authenticate': old } })
    const { result } = await probe(server.url)
    expect(result.failure).toBeUndefined()
    expect(server.heard().map((fields) => fields && [fields['nonce'], fields['nc']])).toEqual([
      undefined,
      ['old', '00000001'],
      ['nonce-1', '00000001'],
    ])
  })

  it('takes a wrong password for the last word', async () => {
    const server = await startDigestServer({ password: 'Hakuna Matata' })
    const { result } = await probe(server.url)
    expect(result.failure).toEqual({ reason: 'status', message: 'expected 2xx, got 401' })
    expect(server.received).toHaveLength(2)
  })

  it.each([
    ['Basic realm="x"'],
    ['Digest realm="x", nonce="y", algorithm=SHA-512-256'],
    ['Digest realm="x", nonce="y", qop="auth-int"'],
    ['Digest realm="x"'],
    ['Negotiate abc=='],
  ])('does not answer %s', async (challenge) => {
    const server = await startHttpPeer(() => ({ status: 401, headers: { 'WWW-Authenticate': challenge } }))
    const { result } = await probe(server.url)
    expect(result.failure?.message).toBe('expected 2xx, got 401')
    expect(server.received).toHaveLength(1)
  })

  it('proves itself again after a redirect, with the next count, and never to another origin', async () => {
    const api = await startDigestServer()
    const other = await startDigestServer()
    api.next.push(
      {
        status: 401,
        headers: { 'WWW-Authenticate': 'Digest realm="http-auth@example.org", nonce="n", qop="auth"' },
      },
      { status: 302, headers: { Location: '/next' } },
      { status: 302, headers: { Location: `${other.url}/away` } },
    )
    const { result } = await probe(`${api.url}/first`)
    expect(api.heard().map((fields) => fields && [fields['uri'], fields['nc']])).toEqual([
      undefined,
      ['/first', '00000001'],
      ['/next', '00000002'],
    ])
    expect(other.heard()).toEqual([undefined])
    expect(result.failure?.message).toBe(
      'expected 2xx, got 401 (a redirect led to another origin, which gets no credentials)',
    )
  })

  it('shows neither name nor password', async () => {
    const server = await startDigestServer({ username: 'Mufasa', password: 'other' })
    const { result, shown } = await probe(server.url)
    expect(result.success).toBe(false)
    expect(shown).not.toMatch(/Mufasa|Circle/)
    expect(shown).toContain('"digest":{"username":"<secret>","password":"<secret>"}')
  })

  it('works in the steps of a transaction, with captured values', async () => {
    const server = await startDigestServer()
    const login = await startFaultServer({ routes: { '/name': redirectTo('/x') } })
    const steps = [
      {
        name: 'name',
        url: `${login.url}/name`,
        follow_redirects: false,
        expect: { status: 302 },
        capture: { who: { header: 'Location', regex: '/(x)' } },
      },
      {
        name: 'use',
        url: `${server.url}/a`,
        auth: { digest: { username: 'Mufasa', password: 'Circle of Life' } },
      },
    ]
    const target = parseTarget(`targets: [${JSON.stringify({ name: 'it', steps })}]`)
    const result = await runProbe(target.check, { timeoutSeconds: 5 })
    expect(result.failure).toBeUndefined()
    const other = await startDigestServer({ username: 'x' })
    const captured = {
      ...steps[1]!,
      url: other.url,
      auth: { digest: { username: '{{who}}', password: 'Circle of Life' } },
    }
    const second = parseTarget(`targets: [${JSON.stringify({ name: 'it', steps: [steps[0], captured] })}]`)
    expect((await runProbe(second.check, { timeoutSeconds: 5 })).failure).toBeUndefined()
    await login.stop()
  })
})
