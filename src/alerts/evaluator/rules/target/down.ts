import { targetAnnotations } from '../annotations.ts'
import { humanizeDuration } from '../go-format.ts'
import type { AlertRule, TargetView } from '../rule.ts'

/** Every check fails, for as long as `alert_after` says. */
export const targetDown: AlertRule = {
  id: 'TargetDown',
  alertname: 'TargetDown',
  keepFiringFor: 0,
  window: () => 0,
  dependent: true,
  heldBackBy: [],
  // Checks come a few milliseconds early or late, which nobody wants to read.
  decide: ({ down, failingFor }) => (down ? Math.round(failingFor * 10) / 10 : undefined),
  annotations: (view, value) => {
    const { target, reason = '', output } = view
    const expected = `expected less than ${humanizeDuration(target.alertAfter)}, reason: ${reason}`
    return {
      summary: `${target.name} has failed every check for ${humanizeDuration(value)}, ${expected}`,
      description: 'The log and the target page have the message of every failed check.',
      reason,
      ...targetAnnotations(target, 'TargetDown'),
      failing_since: String(failingSince(view)),
      ...(output !== undefined && { last_output: output }),
    }
  },
}

/**
 * Check number i of the failure is made at this + i x interval: code that counts checks by the time of the alert must not lose
 * one because a check came a few milliseconds early or late.
 */
function failingSince({ target, now, failingFor }: TargetView): number {
  const checks = Math.max(1, Math.round(failingFor / target.interval))
  return Math.round((now - checks * target.interval) * 1000) / 1000
}
