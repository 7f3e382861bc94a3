import { beforeEach, describe, expect, it } from 'vitest'
import { createReceiver, type Receive } from '../../../src/history/relay/receive.ts'
import { fromReported, toReported, type ReportedCheck } from '../../../src/history/relay/wire.ts'
import { onEachDatabase } from '../support/databases.ts'
import { empty, failed, row } from '../support/rows.ts'

const now = Date.parse('2026-11-21T12:30:00Z')
const day = 86_400_000

function reported(fields: Partial<Record<keyof ReportedCheck, unknown>> = {}, at = now): unknown {
  return { ...toReported(row(at)), ...fields }
}

it.each([
  row(now),
  failed(now, { phases: { connect: 0.1 }, maintenance: true, labels: { vendor: 'v', team: 't' } }),
])('a check arrives as it was sent, at the location of its token', (sent) => {
  expect(fromReported(JSON.parse(JSON.stringify(toReported(sent))), 'berlin')).toEqual({
    ...sent,
    location: 'berlin',
  })
})

describe('a check is refused', () => {
  const long = 'x'.repeat(501)
  it.each<[unknown, RegExp]>([
    [null, /^a check: /],
    [{}, /^target: /],
    [reported({ target: '' }), /^target: is not a valid name/],
    [reported({ target: 'a\u0000b' }), /^target: is not a valid name/],
    [reported({ target: '\u001b[2Jshop' }), /^target: is not a valid name/],
    [reported({ target: 'a\ud800' }), /^target: is not Unicode/],
    [reported({ target: long }), /^target: /],
    [reported({ labels: { 'a-b': 'c' } }), /^a label has an invalid name/],
    [reported({ labels: { __name__: 'c' } }), /^a label has an invalid name/],
    [reported({ labels: { a: 1 } }), /^labels\.a: /],
    [
      reported({ labels: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`l${n}`, 'v'])) }),
      /^more than 50/,
    ],
    [reported({ at: 'yesterday' }), /^at: /],
    [reported({ at: 5 }), /^at: /],
    [reported({ durationSeconds: -1 }), /^durationSeconds: /],
    [reported({ intervalSeconds: 1e12 }), /^intervalSeconds: /],
    [reported({ success: 'yes' }), /^success: /],
    [reported({ reason: 'Drop Table' }), /^reason: /],
    [reported({ status: 99_999 }), /^status: /],
    [reported({ phases: { 'x y': 1 } }), /^a phase has an invalid name/],
  ])('%#', (input, words) => {
    expect(fromReported(input, 'berlin')).toMatch(words)
  })
})

onEachDatabase('what other locations report', (sql) => {
  let receive: Receive
  let counted: [string, number, number][]

  beforeEach(async () => {
    await empty(sql())
    counted = []
    receive = createReceiver({
      sql: sql(),
      ownLocation: 'here',
      rawDays: 30,
      received: (location, { accepted, refused }) => void counted.push([location, accepted, refused]),
      clock: { now: () => now },
    })
  })

  const stored = () =>
    sql().query(
      `select target, location, checked_at as at, message from probity.probe_results join probity.series on id = series_id order by 1, 2, 3`,
    )

  it('is stored once, at the location of the token', async () => {
    const checks = [reported(), reported({ target: 'b' }), reported({}, now - 1000)]
    expect(await receive('berlin', { checks })).toEqual({
      location: 'berlin',
      accepted: 3,
      refused: 0,
      why: [],
    })
    const once = await stored()
    expect(once).toHaveLength(3)
    expect((await receive('berlin', { checks })).accepted).toBe(3)
    expect(await stored()).toEqual(once)
    await receive('paris', { checks: checks.slice(0, 1) })
    expect(await stored()).toHaveLength(4)
    expect(counted).toEqual([
      ['berlin', 3, 0],
      ['berlin', 3, 0],
      ['paris', 1, 0],
    ])
  })

  it('is refused check by check, with the reason', async () => {
    const checks = [
      reported({}, now + 4 * 60_000),
      reported({}, now + 6 * 60_000),
      reported({}, now - 30 * day),
      reported({}, now - 29 * day),
      { ...(reported() as object), location: 'here' },
      null,
    ]
    const { accepted, refused, why } = await receive('berlin', { checks })
    expect([accepted, refused]).toEqual([3, 3])
    expect(why).toEqual([
      'at: is more than 5 minutes in the future: set the clock of the sender',
      'at: is more than 30 days ago, which is older than what is kept',
      expect.stringMatching(/^a check: /),
    ])
    expect(await sql().query('select distinct location from probity.series')).toEqual([
      { location: 'berlin' },
    ])
  })

  it('is refused where its location has reported too many targets within a day', async () => {
    let at = now
    const few = createReceiver({
      sql: sql(),
      ownLocation: 'here',
      received: () => undefined,
      clock: { now: () => at },
      mostNames: 2,
    })
    const report = async (location: string, ...targets: string[]) => {
      const { accepted, why } = await few(location, {
        checks: targets.map((target) => reported({ target }, at)),
      })
      return [accepted, ...why]
    }
    const words =
      'target: this location has reported 2 other targets within a day, which is the most that is kept'
    expect(await report('berlin', 'a', 'b', 'c', 'a')).toEqual([3, words])
    expect(await report('paris', 'c')).toEqual([1])
    at += day + 1
    expect(await report('berlin', 'c', 'a')).toEqual([2])
  })

  it('takes no others with it that the database refuses', async () => {
    // Longer than a row of an index may be.
    const vendor = Array.from({ length: 990 }, (_, n) =>
      String.fromCodePoint(0x4e00 + ((n * 7919) % 20_000)),
    ).join('')
    const target = Array.from({ length: 490 }, (_, n) =>
      String.fromCodePoint(0x4e00 + ((n * 104_729) % 20_000)),
    ).join('')
    const hostile = reported({ target, labels: { vendor } })
    const answer = await receive('berlin', { checks: [reported(), hostile, reported({ target: 'b' })] })
    expect(answer).toMatchObject({
      accepted: 2,
      refused: 1,
      why: [expect.stringMatching(/^the database refuses it: /)],
    })
    expect(await stored()).toHaveLength(2)
  })

  it('is never stored at the location of the server itself', async () => {
    await expect(receive('here', { checks: [reported()] })).rejects.toMatchObject({ code: 'LOCATION_TAKEN' })
    expect(await stored()).toEqual([])
  })

  it.each([
    undefined,
    null,
    [],
    'checks',
    {},
    { checks: [] },
    { checks: {} },
    { checks: Array(1001).fill(null) },
  ])('has to be a batch: %#', async (body) => {
    await expect(receive('berlin', body)).rejects.toMatchObject({ code: 'RESULTS_INVALID' })
  })

  it('has to come again where the database is away or slow', async () => {
    const away = { ...sql(), transaction: () => Promise.reject(new Error('connection refused')) }
    const hangs = { ...sql(), transaction: () => new Promise<never>(() => undefined) }
    for (const [broken, words] of [
      [away, /connection refused/],
      [hangs, /longer than 0.01 s/],
    ] as const) {
      const options = { sql: broken, ownLocation: 'here', received: () => undefined, patienceMs: 10 }
      const asked = createReceiver({ ...options, clock: { now: () => now } })('berlin', {
        checks: [reported()],
      })
      await expect(asked).rejects.toMatchObject({
        code: 'RESULTS_NOT_STORED',
        message: expect.stringMatching(words) as string,
      })
    }
  })
})
