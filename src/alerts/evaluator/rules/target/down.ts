import { targetAnnotations } from '../annotations.ts'
import { humanizeDuration } from '../go-format.ts'
import { measured, stated } from '../condition.ts'
import type { AlertRule, TargetView } from '../rule.ts'

/** Every check fails, for as long as `alert_after` says. */
export const targetDown: AlertRule = {
  id: 'TargetDown',
  alertname: 'TargetDown',
  keepFiringFor: 0,
  window: () => 0,
  dependent: true,
  lingers: 'always',
  heldBackBy: [],
  // Checks come a few milliseconds early or late, which nobody wants to read.
  decide: ({ down, failingFor }) => (down ? Math.round(failingFor) : undefined),
  conditions: ({ failingFor, target: { alertAfter } }) => [
    [
      stated(failingFor > 0, 'its newest check failed', 'its newest check succeeded'),
      measured('its checks have failed for {}', failingFor, 'seconds', 'at least', alertAfter, 'alert_after'),
    ],
  ],
  annotations: (view, value) => {
    const { target, reason = '', output } = view
    return {
      summary: `${target.name} ${whatIsWrong(view, value)}, reason: ${reason}`,
      description: 'The log and the target page have the message of every failed check.',
      reason,
      ...targetAnnotations(target, 'TargetDown'),
      failing_since: String(failingSince(view)),
      last_success: lastSuccess(view),
      ...(output !== undefined && { last_output: output }),
    }
  },
}

/** What is expected and what is seen instead, in words that are true of a job that calls and of a target that is new. */
function whatIsWrong(view: TargetView, failingFor: number): string {
  const { target, succeededAt, newest, reason } = view
  const { waitingSince, period } = newest?.heartbeat ?? {}
  if (newest && waitingSince !== undefined && period !== undefined && reason === 'timeout') {
    const silence = Math.round(newest.startedAt.getTime() / 1000 - waitingSince)
    if (silence > period)
      return `has had no call for ${humanizeDuration(silence)}, expected one every ${humanizeDuration(period)}`
  }
  if (newest?.heartbeat && reason === 'command') return 'has reported a failure, and no success after it'
  // Failures are counted from one interval before the first of them. Of a target that never worked, nobody saw that interval.
  if (succeededAt === undefined) {
    const age = Math.round((failingFor - target.interval) * 10) / 10
    return age === 0
      ? 'has failed its first check'
      : `has failed every check since the first, ${humanizeDuration(age)} ago`
  }
  return `has failed every check for ${humanizeDuration(failingFor)}, expected less than ${humanizeDuration(target.alertAfter)}`
}

/** In unix seconds, or `never`. That of a job is the last call that reported one: what is checked is whether it called. */
function lastSuccess({ newest, succeededAt }: TargetView): string {
  const at = newest?.heartbeat ? newest.heartbeat.lastSuccess : succeededAt
  return at === undefined ? 'never' : at.toFixed(0)
}

/**
 * Check number i of the failure is made at this + i x interval: code that counts checks by the time of the alert must not lose
 * one because a check came a few milliseconds early or late.
 */
function failingSince({ target, now, failingFor }: TargetView): number {
  const checks = Math.max(1, Math.round(failingFor / target.interval))
  return Math.round((now - checks * target.interval) * 1000) / 1000
}
