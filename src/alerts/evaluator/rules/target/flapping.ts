import { commonestReason, targetAnnotations } from '../annotations.ts'
import { measured, stated, type Condition, type Way } from '../condition.ts'
import { humanizeDuration } from '../go-format.ts'
import type { AlertRule, TargetView } from '../rule.ts'

/** Seconds in which it is counted how often a target goes up or down. */
const window = 1800
/** The same for a target that is checked at most every so many seconds. */
const short = { interval: 5, window: 300 }
/** Seconds without a change after which a target stays one way. */
const settled = 300

/** More often than this, and between more than one in six checks. Chance alone seldom does that to a target that fails 1% of its checks. */
function tolerated(interval: number): { readonly seconds: number; readonly times: number } {
  const [seconds, times] = interval <= short.interval ? [short.window, 12] : [window, 10]
  return { seconds, times: Math.max(times, seconds / 6 / interval) }
}

function hasManyTurns({ turns, target: { interval }, now }: TargetView): boolean {
  const { seconds, times } = tolerated(interval)
  return turns.count(seconds, now) > times
}

/** Down and up again three times. */
const manyFalls = 6

/** It was down three times, and is up again. */
function hasFallenOften({ turns, now }: TargetView): boolean {
  return !turns.down && turns.falls(window, now) >= manyFalls
}

function conditions({ turns, now, target: { interval } }: TargetView, firing: boolean): Way[] {
  const wentWithin = (seconds: number, times: number): Condition =>
    measured(
      `its checks changed between success and failure {} times within ${humanizeDuration(seconds)}`,
      turns.count(seconds, now),
      'count',
      'more than',
      times,
    )
  const unsettled = wentWithin(settled, 0)
  if (firing) return [[unsettled]]
  const { seconds, times } = tolerated(interval)
  const falls = measured(
    `it went down or came back {} times within ${humanizeDuration(window)}`,
    turns.falls(window, now),
    'count',
    'at least',
    manyFalls,
  )
  return [
    [unsettled, wentWithin(seconds, times)],
    [unsettled, stated(!turns.down, 'it is not down now', 'it is down now'), falls],
  ]
}

/** The target keeps going up and down. Until it stays one way, TargetDown does not begin, so this has the severity of the target too. */
export const targetFlapping: AlertRule = {
  id: 'TargetFlapping',
  alertname: 'TargetFlapping',
  keepFiringFor: 300,
  window: () => window,
  remembered: true,
  dependent: true,
  heldBackBy: [],
  decide: (view, firing) => {
    const { turns, now } = view
    if (turns.count(settled, now) === 0) return undefined
    return firing || hasManyTurns(view) || hasFallenOften(view) ? turns.count(window, now) : undefined
  },
  conditions,
  annotations: (view, value) => {
    const { target } = view
    const reason = commonestReason(view, window) ?? ''
    return {
      summary: `${target.name} is flapping: it went up or down ${value} times in 30m, mostly: ${reason}`,
      description:
        'Typical of one bad backend behind a load balancer, or of a timeout near the usual latency. TargetDown does not begin until the target stays one way.',
      reason,
      ...targetAnnotations(target, 'TargetFlapping'),
    }
  },
}
