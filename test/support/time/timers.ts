import type { Timers } from '../../../src/lib/time/timers.ts'
import { testClock, type TestClock } from './clock.ts'

export interface TestTime {
  readonly clock: TestClock
  readonly timers: Timers
  /** Lets time pass, timer by timer, and what they begin come to its end if it waits only for promises. */
  readonly pass: (seconds: number) => Promise<void>
}

/** A clock and the timers that follow it. */
export function testTime(startIso?: string): TestTime {
  const clock = testClock(startIso)
  const waiting = new Map<number, { readonly at: number; readonly run: () => void }>()
  let lastId = 0
  const timers: Timers = {
    after(milliseconds, run) {
      const id = ++lastId
      waiting.set(id, { at: clock.monotonic() + Math.max(0, milliseconds), run })
      return () => waiting.delete(id)
    },
  }
  return {
    clock,
    timers,
    async pass(seconds) {
      const end = clock.monotonic() + seconds * 1000
      for (;;) {
        await settled()
        const [next] = [...waiting].sort(([a, x], [b, y]) => x.at - y.at || a - b)
        if (next === undefined || next[1].at > end) break
        waiting.delete(next[0])
        clock.advance(Math.max(0, next[1].at - clock.monotonic()) / 1000)
        next[1].run()
      }
      clock.advance((end - clock.monotonic()) / 1000)
      await settled()
    },
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}
