import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import type { Target } from '../../src/config/target/target.ts'
import { phaseOf } from '../../src/scheduler/phase.ts'
import { Scheduler, type SchedulerOptions } from '../../src/scheduler/scheduler.ts'
import { aTarget } from '../support/target.ts'
import { testTime } from '../support/time/timers.ts'

interface Run {
  readonly name: string
  readonly at: number
  ended?: number
}

/** A scheduler at a fake clock, whose checks take so many seconds. */
function schedule(
  targets: readonly Target[],
  takes: (target: Target) => number = () => 0,
  options: Partial<SchedulerOptions> = {},
) {
  const time = testTime()
  const { clock, timers } = time
  const seconds = (): number => time.clock.monotonic() / 1000
  const runs: Run[] = []
  let skips = 0
  const scheduler = new Scheduler({
    clock,
    timers,
    run: (target) => {
      const run: Run = { name: target.name, at: seconds() }
      runs.push(run)
      const done = (): void => {
        run.ended = seconds()
      }
      const duration = takes(target)
      if (duration === 0) return Promise.resolve().then(done)
      return new Promise<void>((resolve) => timers.after(duration * 1000, resolve)).then(done)
    },
    onSkip: () => skips++,
    ...options,
  })
  scheduler.setTargets(targets)
  return { scheduler, runs, pass: time.pass, skips: () => skips, now: seconds, clock: time.clock }
}

const every = (interval: number, name = 'shop'): Target => aTarget({ name, interval })
const times = (runs: readonly Run[], name: string): number[] =>
  runs.filter((run) => run.name === name).map(({ at }) => at)

describe('Scheduler', () => {
  it('checks at once after the start, spread over a few seconds, and then once per interval', async () => {
    const { runs, pass } = schedule([every(30)])
    await pass(100)
    const first = phaseOf('shop') * 5
    expect(times(runs, 'shop')).toEqual([0, 30, 60, 90].map((at) => expect.closeTo(first + at, 6)))
  })

  it('does not drift over days, although every timer is late', async () => {
    const time = testTime()
    const begun: number[] = []
    const { pass } = time
    const scheduler = new Scheduler({
      clock: time.clock,
      timers: { after: (ms, callback) => time.timers.after(ms + 7, callback) },
      run: () => Promise.resolve(),
      onBegin: () => begun.push(time.clock.monotonic()),
    })
    scheduler.setTargets([every(300)])
    await pass(3 * 86_400)
    await scheduler.stop()
    expect(begun).toHaveLength((3 * 86_400) / 300)
    const grid = phaseOf('shop') * 5000
    begun.forEach((at, index) => {
      expect(at).toBeCloseTo(grid + index * 300_000 + 7, 3)
    })
  })

  it('waits longer than a timer of Node.js can', async () => {
    const { runs, pass } = schedule([every(30 * 86_400)], undefined, {
      lastRun: () => Date.parse('2026-11-20T12:00:00Z'),
    })
    await pass(30 * 86_400 - 10)
    expect(runs).toEqual([])
    await pass(20)
    expect(runs).toHaveLength(1)
  })

  it('leaves out a check that is due while the one before it runs, and counts it', async () => {
    const { runs, pass, skips } = schedule([every(10)], () => 25)
    await pass(65)
    const first = phaseOf('shop') * 5
    expect(times(runs, 'shop')).toEqual([0, 30, 60].map((at) => expect.closeTo(first + at, 6)))
    expect(skips()).toBe(4)
  })

  it('neither overlaps nor loses a check, whatever the intervals and durations: each is made or counted as skipped', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ interval: fc.integer({ min: 1, max: 20 }), takes: fc.integer({ min: 0, max: 50 }) }),
          {
            minLength: 1,
            maxLength: 6,
          },
        ),
        fc.integer({ min: 1, max: 3 }),
        async (settings, maxRunning) => {
          const targets = settings.map(({ interval }, index) => every(interval, `t${index}`))
          const duration = (target: Target): number => settings[Number(target.name.slice(1))]!.takes
          const { runs, pass, skips } = schedule(targets, duration, { maxRunning })
          await pass(100)
          let due = 0
          for (const { name, interval } of targets) {
            const own = runs.filter((run) => run.name === name)
            own.slice(1).forEach((run, index) => {
              expect(own[index]?.ended).toBeLessThanOrEqual(run.at)
            })
            due += Math.floor((100 - phaseOf(name) * Math.min(interval, 5)) / interval) + 1
          }
          const edges = runs.flatMap(
            ({ at, ended }) =>
              [
                [at, 1],
                [ended ?? Infinity, -1],
              ] as [number, number][],
          )
          edges.sort(([a, x], [b, y]) => a - b || x - y)
          let running = 0
          for (const [, change] of edges) expect((running += change)).toBeLessThanOrEqual(maxRunning)
          // Those that wait for their turn at the end are neither yet.
          expect(runs.length + skips()).toBeLessThanOrEqual(due)
          expect(runs.length + skips()).toBeGreaterThanOrEqual(due - targets.length)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('goes on where an earlier process left off: the next check is due one interval after the last', async () => {
    const start = Date.parse('2026-11-20T12:00:00Z')
    const lastRun = ({ name }: Target): number | undefined =>
      ({ recent: start - 10_000, overdue: start - 300_000, future: start + 3_600_000 })[name]
    const targets = ['recent', 'overdue', 'future', 'never'].map((name) => every(60, name))
    const { runs, pass } = schedule(targets, undefined, { lastRun })
    await pass(65)
    expect(times(runs, 'recent')).toEqual([50])
    expect(times(runs, 'overdue')[0]).toBeLessThan(5)
    expect(times(runs, 'never')[0]).toBeLessThan(5)
    // The wall clock was put back meanwhile.
    expect(times(runs, 'future')).toEqual([60])
  })

  it('counts what a process that was stopped has missed, and makes up for one of it only', async () => {
    const { runs, pass, clock, skips } = schedule([every(10)])
    await pass(10)
    const before = runs.length
    clock.advance(35)
    await pass(0.001)
    expect(runs.length - before).toBe(1)
    // Four were due, and the newest of them is made.
    expect(skips()).toBe(3)
    await pass(10)
    expect(runs.length - before).toBe(2)
  })

  it('takes new targets and lets others go, and leaves the rest in peace', async () => {
    const { scheduler, runs, pass } = schedule([every(10, 'a'), every(10, 'b')])
    await pass(20)
    const grid = times(runs, 'a')[0]!
    scheduler.setTargets([{ ...every(10, 'a'), labels: { team: 'x' } }, every(10, 'c')])
    await pass(20)
    expect(times(runs, 'a').every((at) => Math.abs((at - grid) % 10) < 1e-6)).toBe(true)
    expect(times(runs, 'a')).toHaveLength(4)
    expect(times(runs, 'b').every((at) => at <= 20)).toBe(true)
    expect(times(runs, 'c').length).toBeGreaterThanOrEqual(2)
  })

  it('checks what is in force, also where it changed since the last check', async () => {
    const seen: (string | undefined)[] = []
    const { scheduler, pass } = schedule([every(10)], undefined, {
      run: ({ runbook }) => Promise.resolve(seen.push(runbook)),
    })
    await pass(10)
    scheduler.setTargets([{ ...every(10), runbook: 'new' }])
    await pass(10)
    expect(seen.at(-1)).toBe('new')
  })

  it('does not overlap with a check that began before the interval changed', async () => {
    const { scheduler, runs, pass } = schedule([every(60)], () => 30)
    await pass(10)
    expect(runs).toHaveLength(1)
    scheduler.setTargets([every(5)])
    await pass(50)
    const [first, second] = runs
    expect(first?.ended).toBeLessThanOrEqual(second?.at ?? 0)
    expect(second?.at).toBeLessThan(45)
  })

  it('begins nothing after it was stopped, and waits for what runs', async () => {
    const { scheduler, runs, pass } = schedule([every(10)], () => 3)
    await pass(5)
    expect(runs).toHaveLength(1)
    let stopped = false
    const stopping = scheduler.stop().then(() => (stopped = true))
    await pass(0)
    const wasStopped = stopped
    await pass(60)
    await stopping
    expect(wasStopped).toBe(runs[0]?.ended !== undefined && runs[0].ended <= 5)
    expect(runs).toHaveLength(1)
  })

  it('works with the timers of the machine', async () => {
    const late: number[] = []
    let runs = 0
    const scheduler = new Scheduler({
      run: () => Promise.resolve(runs++),
      onBegin: (_target, lateMs) => late.push(lateMs),
    })
    await new Promise<void>((resolve) => {
      const check = setInterval(() => {
        if (runs < 5) return
        clearInterval(check)
        resolve()
      }, 5)
      scheduler.setTargets([every(0.05)])
    })
    await scheduler.stop()
    expect(late.every((lateMs) => lateMs >= 0)).toBe(true)
  })
})
