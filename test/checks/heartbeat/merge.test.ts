import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeStates } from '../../../src/checks/heartbeat/merge.ts'
import {
  afterEvent,
  expectedSince,
  type HeartbeatEvent,
  type HeartbeatState,
} from '../../../src/checks/heartbeat/state.ts'

const events: readonly HeartbeatEvent[] = [
  { type: 'success', message: 'done' },
  { type: 'start' },
  { type: 'log', message: 'half' },
  { type: 'fail', exitCode: 3, message: 'disk full' },
]

/** A call comes to one of two, which may not reach each other. */
const calls = fc.array(
  fc.record({ to: fc.constantFrom(0, 1), event: fc.constantFrom(...events), linked: fc.boolean() }),
  { maxLength: 12 },
)

/** What one knows that gets all calls, and what two know that share them. */
function play(
  history: readonly { to: number; event: HeartbeatEvent; linked: boolean }[],
  alwaysLinked: boolean,
): { one: HeartbeatState; both: HeartbeatState[] } {
  let one = expectedSince(0)
  const both = [expectedSince(0), expectedSince(0)]
  const exchange = (): void => {
    const [first, second] = both as [HeartbeatState, HeartbeatState]
    both[0] = mergeStates(first, second)
    both[1] = mergeStates(second, both[0])
  }
  for (const [index, { to, event, linked }] of history.entries()) {
    const at = (index + 1) * 1000
    one = afterEvent(one, event, at)
    both[to] = afterEvent(both[to]!, event, at)
    if (linked || alwaysLinked) exchange()
  }
  exchange()
  return { one, both }
}

describe('what two have heard of a job', () => {
  it('is what one would have heard, if they exchange it after each call', () => {
    fc.assert(
      fc.property(calls, (history) => {
        const { one, both } = play(history, true)
        expect(both).toEqual([one, one])
      }),
    )
  })

  it('comes to the same successes, failures, messages and open runs, whenever they exchange it', () => {
    fc.assert(
      fc.property(calls, (history) => {
        const { one, both } = play(history, false)
        expect(both[1]).toEqual(both[0])
        for (const state of both) {
          const { lastSuccess, failed, said } = one
          expect(state).toMatchObject({ ...(lastSuccess && { lastSuccess }), ...(failed && { failed }) })
          expect([state.failed, state.said]).toEqual([failed, said])
          expect(state.startedAt === undefined).toBe(one.startedAt === undefined)
        }
      }),
    )
  })

  it('has how long a run took that began at one of them and ended at the other one', () => {
    const begun = afterEvent(expectedSince(0), { type: 'start' }, 5000)
    const ended = afterEvent(expectedSince(2000), { type: 'success' }, 9000)
    const run = { lastSuccess: 9000, lastRun: 4000, lastRunFrom: 5000 }
    expect(mergeStates(begun, ended)).toEqual({ since: 0, ...run })
    expect(mergeStates(ended, begun)).toEqual({ since: 2000, ...run })
    expect(mergeStates(ended, mergeStates(begun, ended))).toEqual({ since: 2000, ...run })
  })
})
