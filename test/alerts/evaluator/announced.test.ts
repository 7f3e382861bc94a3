import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/alerts/alert.ts'
import { Evaluator } from '../../../src/alerts/evaluator/evaluator.ts'
import type { HttpCheck } from '../../../src/checks/http/schema.ts'
import { createHttpProber } from '../../../src/checks/http/probe.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { testClock } from '../../support/time/clock.ts'
import { httpCheck } from '../../support/http-check.ts'
import { jwt } from '../../support/jwt.ts'
import { startHttpPeer } from '../../support/servers/http-peer.ts'
import { aTarget } from '../../support/target.ts'

/** An alert that was told, and whether the target worked then. */
interface Told {
  readonly minute: number
  readonly name: string
  readonly status: Alert['status']
  readonly summary: string
  readonly works: boolean
}

/** Checks a real server once a minute of a clock of its own, and says what somebody was told. */
async function watch(
  minutes: number,
  checkAt: (minute: number, startSeconds: number) => HttpCheck,
): Promise<Told[]> {
  const clock = testClock()
  const start = clock.now() / 1000
  const probeHttp = createHttpProber()
  const evaluator = new Evaluator({ location: 'here' })
  const target = aTarget({ interval: 60, timeout: 10, alertAfter: 150, check: checkAt(0, start) })
  evaluator.setTargets({ targets: [target] }, start)
  const told: Told[] = []
  for (let minute = 0; minute < minutes; minute++) {
    const now = clock.now() / 1000
    const result = await runProbe(checkAt(minute, start), {
      timeoutSeconds: 5,
      clock,
      probers: { http: () => Promise.resolve(probeHttp) },
    })
    for (const { labels, annotations, status } of evaluator.observe(target, result, now, now)) {
      const name = labels['alertname'] ?? ''
      if (told.some((before) => before.name === name && before.status === status)) continue
      told.push({ minute, name, status, summary: annotations['summary'] ?? '', works: result.success })
    }
    clock.advance(60)
  }
  return told
}

/** A server that allows so many requests an hour, and of which others use up so many a minute. */
async function limited(limit: number, usedPerMinute: number) {
  let minute = -1
  const api = await startHttpPeer(() => {
    minute++
    const left = limit - (minute % 60) * usedPerMinute
    return {
      status: left > 0 ? 200 : 429,
      headers: {
        'X-RateLimit-Limit': String(limit),
        'X-RateLimit-Remaining': String(Math.max(0, left)),
        'X-RateLimit-Reset': String((60 - (minute % 60)) * 60),
      },
    }
  })
  return api.url
}

describe('before it is too late, somebody is told of', () => {
  it('a token that expires, and of its renewal', async () => {
    const api = await startHttpPeer(() => ({ status: 200 }))
    const told = await watch(130, (minute, start) => {
      const since = minute < 118 ? start : start + 118 * 60
      return httpCheck(api.url, { auth: { type: 'bearer', token: jwt({ iat: since, exp: since + 7200 }) } })
    })
    expect(told).toEqual([
      {
        minute: 111,
        name: 'CredentialExpiring',
        status: 'firing',
        summary: 'shop uses a credential (bearer) that expires in 9m',
        works: true,
      },
      expect.objectContaining({ minute: 123, status: 'resolved', works: true }),
    ])
  })

  it('a token of OAuth2 that is no longer renewed, while the old one still works; not of one that is', async () => {
    let minute = 0
    const login = await startHttpPeer(() =>
      minute < 30 || minute >= 130
        ? { status: 200, body: JSON.stringify({ access_token: `t${minute}`, expires_in: 3600 }) }
        : { status: 503 },
    )
    const api = await startHttpPeer(() => ({ status: 200 }))
    const tokenUrl = new URL(login.url)
    const auth = {
      type: 'oauth2',
      tokenUrl,
      clientId: 'a',
      clientSecret: 'b',
      scopes: [],
      style: 'basic',
    } as const
    const check = httpCheck(api.url, { auth })
    const told = await watch(62, (now) => {
      minute = now
      return check
    })
    expect(told[0]).toEqual({
      minute: 57,
      name: 'CredentialExpiring',
      status: 'firing',
      summary: 'shop uses a credential (oauth2) that expires in 3m',
      works: true,
    })
    const renewed = await watch(200, (now) => {
      minute = now % 30
      return check
    })
    expect(renewed).toEqual([])
  })

  it('a rate limit that will run dry before it is reset, and not of one that will not', async () => {
    const dry = await limited(1000, 20)
    const told = await watch(52, () => httpCheck(dry))
    expect(told).toEqual([
      {
        minute: 48,
        name: 'RateLimitNearlyExhausted',
        status: 'firing',
        summary: 'shop has 4% of its rate limit left, which will run out before it is reset',
        works: true,
      },
    ])
    const enough = await limited(1000, 16)
    expect(await watch(180, () => httpCheck(enough))).toEqual([])
  })
})
