import { networkInterfaces } from 'node:os'
import { describe, expect, it } from 'vitest'
import { createHttpProber } from '../../src/checks/http/probe.ts'
import type { ProbeResult } from '../../src/checks/result.ts'
import { resolveHost, type FamilyPreference, type Lookup } from '../../src/net/resolve.ts'
import { runProbe } from '../../src/checks/run.ts'
import { startFaultServer } from '../support/servers/fault-server.ts'
import { httpCheck } from '../support/http-check.ts'
import { slackSeconds } from '../support/time/patience.ts'

/** Addresses for documentation (RFC 5737 and RFC 3849): nothing answers there. */
const ip4 = ['192.0.2.1', '192.0.2.2']
const ip6 = ['2001:db8::1', '2001:db8::2']
const mixed = ['192.0.2.1', '2001:db8::1', '192.0.2.2', '2001:db8::2']

const auto: FamilyPreference = { ipProtocol: 'auto', ipProtocolFallback: true }

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((found) => found?.address === '::1')
/** Some containers have no IPv6 at all. */
const itWithIpv6 = hasIpv6 ? it : it.skip

/** A resolver that knows these addresses. */
function knows(addresses: readonly string[]): Lookup {
  return (_name, family) =>
    Promise.resolve(addresses.filter((address) => family === 0 || (address.includes(':') ? 6 : 4) === family))
}

function fails(code: string): Lookup {
  return () => Promise.reject(Object.assign(new Error(`getaddrinfo ${code}`), { code }))
}

describe('resolveHost', () => {
  it.each<[FamilyPreference['ipProtocol'], boolean, string[]]>([
    ['auto', true, mixed],
    ['ip4', true, [...ip4, ...ip6]],
    ['ip6', true, [...ip6, ...ip4]],
    ['ip4', false, ip4],
    ['ip6', false, ip6],
  ])('with %s and fallback %s', async (ipProtocol, ipProtocolFallback, expected) => {
    const preference = { ipProtocol, ipProtocolFallback }
    expect(await resolveHost('shop.example', preference, knows(mixed))).toEqual(expected)
  })

  it('falls back to the other family only where it may', async () => {
    expect(
      await resolveHost('shop.example', { ipProtocol: 'ip6', ipProtocolFallback: true }, knows(ip4)),
    ).toEqual(ip4)
    const strict = resolveHost('shop.example', { ipProtocol: 'ip6', ipProtocolFallback: false }, knows(ip4))
    await expect(strict).rejects.toMatchObject({ reason: 'dns', message: 'shop.example has no IPv6 address' })
  })

  it('asks nobody about an address', async () => {
    expect(await resolveHost('192.0.2.7', auto, fails('ENOTFOUND'))).toEqual(['192.0.2.7'])
    expect(await resolveHost('[2001:db8::7]', auto, fails('ENOTFOUND'))).toEqual(['2001:db8::7'])
  })

  it.each([
    ['ENOTFOUND', 'shop.example does not exist or has no address (ENOTFOUND)'],
    ['EAI_AGAIN', 'the name servers gave no answer for shop.example (EAI_AGAIN)'],
    ['EAI_SYSTEM', 'shop.example cannot be resolved (EAI_SYSTEM)'],
  ])('explains %s', async (code, message) => {
    await expect(resolveHost('shop.example', auto, fails(code))).rejects.toMatchObject({
      reason: 'dns',
      message,
    })
  })
})

describe('the HTTP prober, on a name', () => {
  async function probe(
    url: string,
    lookup: Lookup,
    overrides: Parameters<typeof httpCheck>[1] = {},
  ): Promise<ProbeResult> {
    const prober = createHttpProber({ lookup })
    return runProbe(httpCheck(url, overrides), {
      timeoutSeconds: 1,
      probers: { http: () => Promise.resolve(prober) },
    })
  }

  itWithIpv6('reaches an IPv6 address', async () => {
    const server = await startFaultServer({ host: '::1' })
    const result = await probe(server.url, fails('ENOTFOUND'))
    await server.stop()
    expect(result).toMatchObject({ success: true, resolve: { address: '::1' } })
    expect(server.requests[0]!.headers['host']).toBe(`[::1]:${server.port}`)
  })

  itWithIpv6('prefers the configured family', async () => {
    const server = await startFaultServer({ host: '::1' })
    const both = knows(['127.0.0.1', '::1'])
    const result = await probe(`http://shop.example:${server.port}/`, both, { ipProtocol: 'ip6' })
    await server.stop()
    expect(result).toMatchObject({ success: true, resolve: { address: '::1' } })
  })

  it('tries the next address when one refuses', async () => {
    const server = await startFaultServer()
    const result = await probe(`http://shop.example:${server.port}/`, knows(['::1', '127.0.0.1']))
    await server.stop()
    expect(result).toMatchObject({ success: true, resolve: { address: '127.0.0.1' } })
    expect(server.requests[0]!.headers['host']).toBe(`shop.example:${server.port}`)
  })

  it('reports every address that refused', async () => {
    const server = await startFaultServer()
    await server.stop()
    const result = await probe(`http://shop.example:${server.port}/`, knows(['127.0.0.1', '127.0.0.1']))
    const refusal = `127.0.0.1:${server.port} refused the connection (ECONNREFUSED)`
    expect(result.failure).toEqual({ reason: 'connect', message: `${refusal}; ${refusal}` })
  })

  it('does not wait for a resolver longer than it may', async () => {
    const began = performance.now()
    const result = await probe('http://shop.example/', () => new Promise<never>(() => undefined))
    expect(performance.now() - began).toBeLessThan((1 + slackSeconds) * 1000)
    expect(result).toMatchObject({
      success: false,
      failure: { reason: 'timeout', message: 'no answer within 1s while resolving shop.example' },
      http: { statusCode: 0 },
    })
    expect(Object.keys(result.phases!)).toEqual(['resolve'])
    expect(result.resolve!.durationSeconds).toBeGreaterThan(0.9)
    expect(result.resolve).not.toHaveProperty('address')
  })

  it('does not connect any more when the resolver answers too late', async () => {
    const server = await startFaultServer()
    let answer: ((addresses: string[]) => void) | undefined
    const prober = createHttpProber({ lookup: () => new Promise((resolve) => (answer = resolve)) })
    const check = httpCheck(`http://shop.example:${server.port}/`)
    await runProbe(check, { timeoutSeconds: 0.05, probers: { http: () => Promise.resolve(prober) } })
    answer!(['127.0.0.1'])
    const other = await probe(server.url, fails('ENOTFOUND'))
    await server.stop()
    expect(other.success).toBe(true)
    expect(server.requests).toHaveLength(1)
  })

  it('refuses a name that also leads to a blocked address', async () => {
    const prober = createHttpProber({ lookup: knows(['192.0.2.1', '127.0.0.1']) })
    const result = await runProbe(httpCheck('http://shop.example/'), {
      timeoutSeconds: 1,
      probers: { http: () => Promise.resolve(prober) },
      allowAddress: (address) => {
        if (address === '127.0.0.1') throw new Error('127.0.0.1 is a loopback address')
      },
    })
    expect(result.failure).toEqual({ reason: 'blocked', message: '127.0.0.1 is a loopback address' })
    expect(Object.keys(result.phases!)).toEqual(['resolve'])
  })
})
