import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import type { HeartbeatCheck } from '../../../src/checks/heartbeat/schema.ts'
import {
  afterEvent,
  expectedSince,
  judge,
  readState,
  withoutFuture,
  type HeartbeatEvent,
} from '../../../src/checks/heartbeat/state.ts'

const hour = 3_600_000
const check: HeartbeatCheck = { kind: 'heartbeat', name: 'backup', rhythm: 86_400, grace: 0 }
const begun = Date.parse('2026-11-20T02:00:00Z')
const succeeded = afterEvent(expectedSince(begun), { type: 'success' }, begun)

describe('a job that calls in time', () => {
  it('has the whole first period', () => {
    const state = expectedSince(begun)
    expect(judge(check, state, begun + 24 * hour)).toBeUndefined()
    expect(judge(check, state, begun + 24 * hour + 1)).toEqual({
      reason: 'timeout',
      message: 'no call yet for 1d, expected one every 1d',
    })
  })

  it('has a period from its last success', () => {
    expect(judge(check, succeeded, begun + 24 * hour)).toBeUndefined()
    expect(judge(check, succeeded, begun + 26 * hour)).toEqual({
      reason: 'timeout',
      message: 'no call for 1d2h, expected one every 1d',
    })
  })

  it('may be late by its grace', () => {
    const lenient = { ...check, grace: 600 }
    expect(judge(lenient, succeeded, begun + 24 * hour + 600_000)).toBeUndefined()
    expect(judge(lenient, succeeded, begun + 24 * hour + 600_001)?.message).toBe(
      'no call for 1d10m, expected one every 1d, at most 10m late',
    )
  })
})

describe('a job that tells its beginning', () => {
  const started = afterEvent(succeeded, { type: 'start' }, begun + hour)

  it('may run as long as it may', () => {
    const limited = { ...check, maxRuntime: 3600 }
    expect(judge(limited, started, begun + 2 * hour)).toBeUndefined()
    expect(judge(limited, started, begun + 2 * hour + 60_000)).toEqual({
      reason: 'timeout',
      message: 'the job began 1h1m ago and has not reported its end, expected within 1h',
    })
  })

  it('is not excused by the beginning of the next run', () => {
    const again = afterEvent(started, { type: 'start' }, begun + 3 * hour)
    expect(again.startedAt).toBe(begun + hour)
  })

  it('has no limit where none is written, but its period', () => {
    expect(judge(check, started, begun + 23 * hour)).toBeUndefined()
    expect(judge(check, started, begun + 25 * hour)?.reason).toBe('timeout')
  })

  it('has ended with a success or a failure', () => {
    expect(afterEvent(started, { type: 'success' }, begun + 2 * hour).startedAt).toBeUndefined()
    const failed = afterEvent(started, { type: 'fail', message: '' }, begun + 2 * hour)
    expect(failed.startedAt).toBeUndefined()
  })
})

describe('a job that reports a failure', () => {
  const failed = afterEvent(succeeded, { type: 'fail', exitCode: 3, message: 'disk full' }, begun + hour)

  it('fails until it succeeds', () => {
    expect(judge(check, failed, begun + hour + 300_000)).toEqual({
      reason: 'command',
      message: 'the job reported a failure with exit code 3, 5m ago: disk full',
    })
    const starting = afterEvent(failed, { type: 'start' }, begun + 2 * hour)
    expect(judge(check, starting, begun + 2 * hour)?.reason).toBe('command')
    const mended = afterEvent(starting, { type: 'success' }, begun + 2 * hour)
    expect(judge(check, mended, begun + 2 * hour)).toBeUndefined()
    expect(mended).toEqual({
      since: begun,
      lastSuccess: begun + 2 * hour,
      lastRun: 0,
      lastRunFrom: begun + 2 * hour,
      said: { at: begun + hour, message: 'disk full' },
    })
  })

  it('is worth no more than its words', () => {
    const silent = afterEvent(succeeded, { type: 'fail', message: '' }, begun + hour)
    expect(judge(check, silent, begun + hour)?.message).toBe('the job reported a failure, 0s ago')
  })
})

it('does not excuse a job for years because a clock was ahead', () => {
  const ahead = afterEvent(succeeded, { type: 'success' }, begun + 1000 * 24 * hour)
  expect(withoutFuture(ahead, begun + hour)).toEqual({ since: begun, lastSuccess: begun + hour })
  expect(withoutFuture(succeeded, begun + hour)).toEqual(succeeded)
})

const event: fc.Arbitrary<HeartbeatEvent> = fc.oneof(
  fc.constantFrom<HeartbeatEvent>({ type: 'success' }, { type: 'start' }),
  fc.record({ type: fc.constant('fail' as const), message: fc.string() }),
)

it('is judged by its last success, whatever else came, and survives being stored', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(event, fc.nat(48 * 3600))), fc.nat(72 * 3600), (events, wait) => {
      let now = begun
      let lastSuccess = begun
      let lastEnd: string | undefined
      let state = expectedSince(begun)
      for (const [one, seconds] of events) {
        now += seconds * 1000
        state = afterEvent(state, one, now)
        if (one.type === 'success') lastSuccess = now
        if (one.type !== 'start') lastEnd = one.type
      }
      now += wait * 1000
      const reason = lastEnd === 'fail' ? 'command' : now - lastSuccess > 24 * hour ? 'timeout' : undefined
      expect(judge(check, state, now)?.reason).toBe(reason)
      expect(readState(JSON.parse(JSON.stringify(state)))).toEqual(state)
    }),
  )
})

it.each([undefined, null, 7, 'x', {}, { since: '1' }, { since: 1, stranger: true }])(
  'takes %j for no state',
  (stored) => {
    expect(readState(stored)).toBeUndefined()
  },
)
