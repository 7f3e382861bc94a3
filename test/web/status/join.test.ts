import { describe, expect, it } from 'vitest'
import type { TargetStatus } from '../../../src/web/status/status.ts'
import type { Mark } from '../../../src/web/status/marks.ts'
import { noCalls } from '../../../src/web/status/calls.ts'
import { aCallTarget } from '../../calls/support/calls.ts'
import { aResult, aTarget } from '../../support/target.ts'
import { ago, aPast, aSource, aStore, failedCheck, now, passed, type SourceParts } from '../support.ts'

const shop = aTarget()

async function statusOf(parts: Omit<SourceParts, 'targets'>, target = shop): Promise<TargetStatus> {
  const [status] = await aSource({ targets: [target], ...parts }).overview()
  return status!
}

const failedAt = (seconds: number, message: string) => ({
  at: ago(seconds),
  success: false,
  durationSeconds: 0.2,
  reason: 'status',
  message,
  statusCode: 503,
})

describe('the calls to a target with a check', () => {
  const callTargets = [aCallTarget('shop', { host: '^shop$' }, { probed: true })]

  it('are seen, where there is calls:', async () => {
    expect((await statusOf({ callTargets })).calls).toEqual({ recent: { calls: 0, errors: 0 } })
    const recent = { calls: 7, errors: 2, unknown: 1, overLimit: 0 }
    const calls = { ...noCalls, of: () => ({ recent, lastCallAt: ago(9) }) }
    expect((await statusOf({ callTargets, calls })).calls).toEqual({
      lastCallAt: ago(9),
      recent: { calls: 7, errors: 2 },
    })
    expect(await statusOf({ calls })).not.toHaveProperty('calls')
  })
})

describe('what has changed', () => {
  const mark = (seconds: number, title: string, about = {}) => ({
    at: ago(seconds),
    title,
    source: 'api',
    ...about,
  })
  const after = async (...marks: readonly Mark[]): Promise<unknown> => {
    const past = aStore({}, { marks: () => Promise.resolve(marks) })
    const target = aTarget({ labels: { team: 'pay' } })
    const [incident] = await aSource({
      targets: [target],
      past,
      checks: { shop: [failedCheck(5)] },
    }).incidents({ limit: 1 })
    return incident?.after
  }

  it('before an incident is said of the last change within the hour', async () => {
    expect(await after(mark(4, 'later'), mark(185, 'checkout 1.4.2'), mark(200, 'older'))).toEqual({
      title: 'checkout 1.4.2',
      seconds: 180,
    })
    expect(await after(mark(3606, 'long ago'), mark(4, 'later'))).toBeUndefined()
  })

  it('is about a target, about labels, or about all', async () => {
    expect(await after(mark(10, 'mine', { target: 'shop' }))).toMatchObject({ title: 'mine' })
    expect(await after(mark(10, 'ours', { labels: { team: 'pay' } }))).toMatchObject({ title: 'ours' })
    expect(await after(mark(10, 'theirs', { labels: { team: 'web' } }))).toBeUndefined()
    expect(await after(mark(10, 'other', { target: 'blog' }))).toBeUndefined()
  })
})

describe('the vendor of a target', () => {
  const target = aTarget({ labels: { vendor: 'acme' } })
  const said = { name: 'acme', state: 'degraded', title: 'Slow API' } as const

  it('is heard next to the checks, where its page is read', async () => {
    const vendorSays = (vendor: string) => (vendor === 'acme' ? said : undefined)
    expect((await statusOf({ vendorSays }, target)).vendor).toEqual(said)
    expect(await statusOf({ vendorSays }, shop)).not.toHaveProperty('vendor')
    expect(await statusOf({}, target)).not.toHaveProperty('vendor')
  })

  it('has admitted an incident, or has not', async () => {
    const asked: unknown[] = []
    const past = aStore(
      {},
      {
        admissions(incidents) {
          asked.push(...incidents.map(({ vendor, startedAt }) => `${vendor} ${startedAt.toISOString()}`))
          return Promise.resolve(incidents.map(() => ({ afterSeconds: 2040 })))
        },
      },
    )
    const parts = { past, checks: { shop: [failedCheck(5)] } }
    const incidents = await aSource({ targets: [target], ...parts }).incidents({ limit: 5 })
    expect(incidents).toMatchObject([{ target: 'shop', admission: { afterSeconds: 2040 } }])
    expect(asked).toEqual([`acme ${ago(5).toISOString()}`])
    const [withoutVendor] = await aSource({ targets: [shop], ...parts }).incidents({ limit: 5 })
    expect(withoutVendor).not.toHaveProperty('admission')
  })
})

describe('the state of a target', () => {
  it('is pending before the first check, and where no check was made for more than two intervals', async () => {
    const before = await statusOf({})
    expect(before).toMatchObject({ state: 'pending', sparkline: [], days: [] })
    expect(before.last).toBeUndefined()
    expect((await statusOf({ checks: { shop: [passed(70)] } })).state).toBe('up')
    const old = await statusOf({ checks: { shop: [passed(71), failedCheck(70.1)] } })
    expect(old).toMatchObject({ state: 'pending', last: { at: ago(70.1), success: false } })
    expect(old.since).toBeUndefined()
    expect(old.openIncident).toBeUndefined()
  })

  it('is down after a check that failed, with what it said', async () => {
    expect(await statusOf({ checks: { shop: [passed(30), failedCheck(5)] } })).toMatchObject({
      state: 'down',
      since: ago(5),
      last: { reason: 'status', message: 'expected 2xx, got 503', statusCode: 503 },
      openIncident: {
        target: 'shop',
        startedAt: ago(5),
        durationSeconds: 5,
        firstFailure: { at: ago(5), message: 'expected 2xx, got 503' },
        lastFailure: { at: ago(5) },
      },
    })
  })

  it('is degraded where the last check was slow, or the median of ten minutes is', async () => {
    const took = (...seconds: number[]) => ({
      checks: {
        shop: seconds.map((durationSeconds, i) => passed((seconds.length - i) * 10, { durationSeconds })),
      },
    })
    expect((await statusOf(took(0.1, 0.1, 1.1))).state).toBe('degraded')
    expect((await statusOf(took(0.1, 0.1, 1))).state).toBe('up')
    expect((await statusOf(took(2, 2, 0.1))).state).toBe('degraded')
    expect((await statusOf(took(2, 0.1, 0.1))).state).toBe('up')
    // Two checks have no median worth the name.
    expect((await statusOf(took(2, 0.1))).state).toBe('up')
    const slowLongAgo = [passed(700), passed(650), passed(610)].map((r) => ({ ...r, durationSeconds: 5 }))
    expect((await statusOf({ checks: { shop: [...slowLongAgo, passed(5)] } })).state).toBe('up')
  })

  it('is that of the store where this process has checked nothing, or less recently', async () => {
    const past = aStore({ shop: aPast() })
    expect(await statusOf({ past })).toMatchObject({ state: 'up', since: ago(86_400), last: { at: ago(20) } })
    expect(await statusOf({ past, checks: { shop: [failedCheck(40)] } })).toMatchObject({ state: 'up' })
    expect(await statusOf({ past, checks: { shop: [passed(40), failedCheck(10)] } })).toMatchObject({
      state: 'down',
      since: ago(10),
    })
  })
})

describe('since when', () => {
  it('is not known before a change was seen, but the evidence of what fails is there', async () => {
    const status = await statusOf({ checks: { shop: [failedCheck(40, 'first'), failedCheck(10, 'last')] } })
    expect(status.since).toBeUndefined()
    expect(status.openIncident).toMatchObject({
      startedAt: ago(40),
      firstFailure: { message: 'first' },
      lastFailure: { message: 'last' },
    })
  })

  it('is what the store says, unless a change was seen that is not stored yet', async () => {
    const past = aStore({
      shop: aPast({ last: failedAt(40, 'last stored'), change: failedAt(400, 'first stored') }),
    })
    expect(
      await statusOf({ past, checks: { shop: [failedCheck(40), failedCheck(10, 'now')] } }),
    ).toMatchObject({
      state: 'down',
      since: ago(400),
      openIncident: { firstFailure: { message: 'first stored' }, lastFailure: { message: 'now' } },
    })
    const flapped = [failedCheck(40), passed(20), failedCheck(10, 'again')]
    expect(await statusOf({ past, checks: { shop: flapped } })).toMatchObject({
      since: ago(10),
      openIncident: { firstFailure: { message: 'again' } },
    })
    expect(await statusOf({ past, checks: { shop: [failedCheck(40), passed(20)] } })).toMatchObject({
      state: 'up',
      since: ago(20),
    })
  })

  it('forgets what it knew of a check that is another now', async () => {
    const source = aSource({ targets: [shop] })
    source.observe(shop, passed(30))
    source.observe(shop, failedCheck(20))
    const other = aTarget({ shown: { name: 'shop', url: 'http://127.0.0.1:2/' } })
    const changed = aSource({ targets: [other], checks: { shop: [failedCheck(10)] } })
    changed.observe(shop, passed(30))
    changed.observe(other, failedCheck(10))
    expect((await changed.overview())[0]?.since).toBeUndefined()
  })
})

describe('maintenance', () => {
  const maintenance = [{ endAt: (at: number) => (at >= now / 1000 - 40 ? now / 1000 + 60 : undefined) }]
  const maintained = aTarget({ maintenance })

  it('is reported with its end, next to a state that stays what it is', async () => {
    expect(await statusOf({ checks: { shop: [passed(5)] } }, maintained)).toMatchObject({
      state: 'up',
      maintenanceUntil: ago(-60),
    })
    const checks = { shop: [failedCheck(5)] }
    expect((await statusOf({ checks }, maintained)).state).toBe('down')
    expect((await statusOf({ checks })).maintenanceUntil).toBeUndefined()
  })

  it('is notified of an incident that began in it, as it was when it was checked', async () => {
    const began = async (parts: Omit<SourceParts, 'targets'>, target = maintained) =>
      (await statusOf(parts, target)).openIncident?.inMaintenance
    expect(await began({ checks: { shop: [passed(60), failedCheck(30)] } })).toBe(true)
    expect(await began({ checks: { shop: [passed(60), failedCheck(50), failedCheck(10)] } })).toBeUndefined()
    const failed = failedAt(30, 'stored')
    const past = aStore({ shop: aPast({ last: failed, change: { ...failed, inMaintenance: true } }) })
    expect(await began({ past }, shop)).toBe(true)
    expect(await began({ past: aStore({ shop: aPast({ last: failed, change: failed }) }) })).toBeUndefined()
  })
})

describe('the history', () => {
  it('says what it is', async () => {
    const targets = [shop]
    expect(aSource({ targets }).history()).toBe('none')
    expect(aSource({ targets, past: aStore({}, { isOpen: () => false }) }).history()).toBe('starting')
    const ready = aSource({ targets, past: aStore({ shop: aPast() }) })
    await ready.overview()
    expect(ready.history()).toBe('ready')
  })

  it('is left out where it does not answer, or not in time, and is there when it does again', async () => {
    let broken: 'throws' | 'hangs' | 'works' = 'throws'
    const past = aStore(
      {},
      {
        overview: () => {
          if (broken === 'throws') return Promise.reject(new Error('connection refused'))
          if (broken === 'hangs') return new Promise(() => undefined)
          return Promise.resolve(new Map([['shop', aPast()]]))
        },
      },
    )
    let elapsed = 0
    const source = aSource({
      targets: [shop],
      past,
      checks: { shop: [passed(5)] },
      patienceMs: 20,
      monotonic: () => elapsed,
    })
    expect(await source.overview()).toMatchObject([{ state: 'up', days: [] }])
    expect(source.history()).toBe('unavailable')
    broken = 'works'
    expect((await source.overview())[0]?.days).toHaveLength(90)
    expect(source.history()).toBe('ready')
    broken = 'hangs'
    expect((await source.overview())[0]?.days).toHaveLength(90)
    elapsed = 5_000
    expect(await source.overview()).toMatchObject([{ state: 'up', days: [] }])
    expect(source.history()).toBe('unavailable')
  })
})

describe('incidents', () => {
  const stored = {
    target: 'shop',
    startedAt: ago(400),
    firstFailure: { at: ago(400), reason: 'status', message: 'stored' },
    lastFailure: { at: ago(380), reason: 'status', message: 'stored' },
  }

  it('are those of the store and those that are not in it yet', async () => {
    const blog = aTarget({ name: 'blog' })
    const source = aSource({
      targets: [shop, blog],
      checks: { blog: [passed(40), failedCheck(10)] },
      past: aStore({}, { incidents: () => Promise.resolve([{ ...stored, endedAt: ago(360) }]) }),
    })
    const incidents = await source.incidents({ limit: 10 })
    expect(incidents.map(({ target, durationSeconds }) => [target, durationSeconds])).toEqual([
      ['blog', 10],
      ['shop', 40],
    ])
    expect(await source.incidents({ limit: 1 })).toMatchObject([{ target: 'blog' }])
    expect(await source.incidents({ limit: 9, to: ago(20) })).toMatchObject([{ target: 'shop' }])
  })

  it('have the newest evidence while they last, once', async () => {
    const source = aSource({
      targets: [shop],
      checks: { shop: [failedCheck(40), failedCheck(10, 'newest')] },
      past: aStore(
        { shop: aPast({ last: failedAt(380, 'stored'), change: failedAt(400, 'stored') }) },
        { incidents: () => Promise.resolve([stored]) },
      ),
    })
    expect(await source.incidents({ limit: 10 })).toMatchObject([
      { startedAt: ago(400), lastFailure: { message: 'newest' }, durationSeconds: 400 },
    ])
  })
})

describe('a target', () => {
  it('has its phases, its clocks and its expectations', async () => {
    const target = aTarget({
      runbook: 'https://wiki.example.com/shop',
      shown: { name: 'shop', expect: { max_latency: '1s', json: { '$.a': 'x' } } },
    })
    const certificate = {
      subject: 'CN=shop.example.com',
      issuer: 'CN=An authority',
      subjectAlternative: '',
      serialNumber: '1',
      fingerprintSha256: 'ab',
      notBefore: 0,
      notAfter: now / 1000 + 100,
    }
    const tls = { chain: [certificate], verified: true, earliestExpiry: 1000, lastChainExpiry: 2000 }
    const credentials = [{ name: 'bearer', expiresAt: 3000, lifetimeSeconds: 60 }] as const
    const result = aResult({ startedAt: ago(5), tls, credentials })
    const source = aSource({ targets: [target], checks: { shop: [result] } })
    expect(await source.target('shop')).toMatchObject({
      name: 'shop',
      runbook: 'https://wiki.example.com/shop',
      phases: { processing: 0.1 },
      certificate: {
        expiresAt: new Date(2_000_000),
        verified: true,
        minRemainingSeconds: 14 * 86_400,
        subject: 'CN=shop.example.com',
      },
      credentials: [{ name: 'bearer', expiresAt: new Date(3_000_000), lifetimeSeconds: 60 }],
      expectations: { max_latency: '1s', json: { '$.a': 'x' } },
      incidents: [],
    })
    expect(await source.target('other')).toBeUndefined()
    expect(await source.series('other', { from: ago(60), to: ago(0) })).toBeUndefined()
  })

  it('shows none of its secrets, wherever they come from', async () => {
    const secret = 'token-12345'
    const target = aTarget({
      secrets: [secret],
      runbook: `https://wiki.example.com/?key=${secret}`,
      shown: { name: 'shop', expect: { body: { contains: secret }, json: { '$.a': [secret] } } },
    })
    const failed = failedAt(40, `stored ${secret}`)
    const source = aSource({
      targets: [target],
      checks: { shop: [passed(30), failedCheck(10, `the answer was ${secret}`)] },
      past: aStore(
        { shop: aPast({ last: failed, change: failed }) },
        {
          incidents: () =>
            Promise.resolve([
              {
                target: 'shop',
                startedAt: ago(40),
                firstFailure: { at: ago(40), reason: 'body', message: secret },
                lastFailure: { at: ago(40), reason: 'body', message: secret },
              },
            ]),
        },
      ),
    })
    const everything = [
      await source.overview(),
      await source.target('shop'),
      await source.incidents({ limit: 10 }),
      await aSource({
        targets: [target],
        past: aStore({ shop: aPast({ last: failed, change: failed }) }),
      }).overview(),
    ]
    const text = JSON.stringify(everything)
    expect(text).toContain('the answer was <secret>')
    expect(text).toContain('stored <secret>')
    expect(text).not.toContain(secret)
  })
})
