import { commonestReason, targetAnnotations } from '../annotations.ts'
import type { AlertRule, TargetView } from '../rule.ts'

/** Seconds in which it is counted how often a target goes up or down. */
const window = 1800
/** The same for a target that is checked at most every so many seconds. */
const short = { interval: 5, window: 300 }
/** Seconds without a change after which a target stays one way. */
const settled = 300

/** More often than this, and between more than one in six checks. Chance alone seldom does that to a target that fails 1% of its checks. */
function hasManyTurns({ turns, target: { interval }, now }: TargetView): boolean {
  const [seconds, tolerated] = interval <= short.interval ? [short.window, 12] : [window, 10]
  const count = turns.count(seconds, now)
  return count > tolerated && count * interval > seconds / 6
}

/** It was down three times, and is up again. */
function hasFallenOften({ turns, now }: TargetView): boolean {
  return !turns.down && turns.falls(window, now) >= 6
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
