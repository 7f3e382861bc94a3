import { commonestReason, targetAnnotations } from '../annotations.ts'
import type { AlertRule, TargetView } from '../rule.ts'

const window = 1800
const tolerated = 6

/** How often the target went up or down within the window. */
function changes({ samples, outcomes, now }: TargetView): number {
  const { scrapes, succeeded } = outcomes.within(window, now) ?? { scrapes: 0, succeeded: 0 }
  // Most targets have not changed.
  if (succeeded === 0 || succeeded === scrapes) return 0
  let count = 0
  let after: boolean | undefined
  samples.within(window, now, ({ reason }) => {
    const succeeded = reason === undefined
    if (after !== undefined && succeeded !== after) count++
    after = succeeded
  })
  return count
}

/** The target keeps going up and down. */
export const targetFlapping: AlertRule = {
  id: 'TargetFlapping',
  alertname: 'TargetFlapping',
  severity: 'warning',
  keepFiringFor: 900,
  window: () => window,
  dependent: true,
  heldBackBy: ['TargetDown'],
  decide: (view) => {
    const count = changes(view)
    return count > tolerated ? count : undefined
  },
  annotations: (view, value) => {
    const { target } = view
    const reason = commonestReason(view, window) ?? ''
    return {
      summary: `${target.name} went up or down ${value} times in 30m, expected at most ${tolerated}, mostly: ${reason}`,
      description:
        'Typical of one bad backend behind a load balancer, or of a timeout near the usual latency.',
      reason,
      ...targetAnnotations(target, 'TargetFlapping'),
    }
  },
}
