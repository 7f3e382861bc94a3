import { describe, expect, it } from 'vitest'
import { callMinutes, type CountedCall } from '../../../src/history/write/call-minutes.ts'
import { latencyBucket } from '../../../src/lib/latency-buckets.ts'
import type { CallRow } from '../../../src/history/row.ts'
import { testClock } from '../../support/time/clock.ts'
import { onEachDatabase } from '../support/databases.ts'

const call: CountedCall = {
  target: 'pay',
  labels: { vendor: 'v' },
  caller: 'shop',
  version: '1',
  durationSeconds: 0.1,
  outcome: 'ok',
  overLimit: false,
}

function start() {
  const clock = testClock('2026-11-20T12:00:30Z')
  const rows: CallRow[] = []
  let writers = 0
  const minutes = callMinutes({
    location: 'here',
    clock,
    newWriter: () => `writer-${++writers}`,
    add: (row) => rows.push(row),
  })
  return { clock, rows, ...minutes }
}

describe('the minutes of calls', () => {
  it('hand over what was counted when the minute is over, and not before', () => {
    const { clock, rows, observe, tick } = start()
    observe(call)
    observe({ ...call, durationSeconds: 0.4, overLimit: true })
    observe({ ...call, durationSeconds: 2, outcome: 'error', overLimit: true })
    observe({ ...call, durationSeconds: 0.1, outcome: 'unknown' })
    clock.advance(29)
    tick()
    expect(rows).toEqual([])
    clock.advance(1)
    tick()
    expect(rows).toEqual([
      {
        target: 'pay',
        location: 'here',
        labels: { vendor: 'v' },
        checked_at: '2026-11-20T12:00:00.000Z',
        calls: {
          caller: 'shop',
          version: '1',
          writer: 'writer-1',
          ok: 2,
          error: 1,
          unknown: 1,
          over_limit: 2,
          duration_sum: 2.6,
          // 1.02^-117 < 0.1 <= 1.02^-116, 1.02^-47 < 0.4 <= 1.02^-46; what failed has no place here.
          latency: { '-116': 2, '-46': 1 },
        },
      },
    ])
    clock.advance(120)
    tick()
    expect(rows).toHaveLength(1)
  })

  it('are handed over by the first call of the next one, too', () => {
    const { clock, rows, observe } = start()
    observe(call)
    clock.advance(30)
    observe({ ...call, version: '2' })
    expect(rows).toMatchObject([{ calls: { version: '1', ok: 1 } }])
  })

  it('have a name of their own when a minute comes twice: after the end of a process, and of a clock set back', () => {
    const { clock, rows, observe, tick, flush } = start()
    observe(call)
    clock.advance(60)
    tick()
    clock.advance(-60)
    observe(call)
    flush()
    observe(call)
    flush()
    expect(new Set(rows.map(({ checked_at: at }) => at)).size).toBe(1)
    expect(new Set(rows.map(({ calls }) => calls.writer)).size).toBe(3)
  })

  it('have 20 pairs of caller and version of a target, and count the rest as others, whatever they are called', () => {
    const { rows, observe, flush } = start()
    for (let version = 0; version < 1000; version++) {
      observe({ ...call, version: `${version}` })
      observe({ ...call, caller: 'other', version: `${version}` })
    }
    observe({ ...call, target: 'ship' })
    flush()
    const ofPay = rows.filter(({ target }) => target === 'pay').map(({ calls }) => calls)
    expect(ofPay).toHaveLength(21)
    expect(ofPay.reduce((sum, { ok }) => sum + ok, 0)).toBe(2000)
    expect(ofPay.at(-1)).toMatchObject({ caller: 'other', version: 'other', ok: 1980 })
    expect(rows.at(-1)).toMatchObject({ target: 'ship', calls: { caller: 'shop', version: '1' } })
  })

  it('hold nothing that a database refuses', () => {
    const { rows, observe, flush } = start()
    observe({ ...call, caller: 'sh\0op\ud800' })
    flush()
    expect(rows[0]!.calls.caller).toBe('sh\ufffdop\ufffd')
  })
})

onEachDatabase('a bucket of latency', (sql) => {
  it('is the same here and in the database', async () => {
    const seconds = [0, 1e-7, 0.001, 0.05, 0.1, 0.3, 0.999, 1, 1.0001, 1.02, 7.5, 30, 3600]
    const found = await sql().query<{ bucket: number }>(
      `select probity.latency_bucket(s) as bucket
       from unnest(array[${seconds.join()}]::double precision[]) with ordinality as given(s, n) order by n`,
    )
    expect(seconds.map((s) => latencyBucket(s) + 0)).toEqual(found.map(({ bucket }) => bucket))
  })
})
