import { targetAnnotations } from '../annotations.ts'
import { humanizeDuration } from '../go-format.ts'
import { measured, stated, type Condition } from '../condition.ts'
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
  decide: (view, firing) =>
    isFound(view) || (firing && view.down) ? Math.round(view.failingFor) : undefined,
  conditions: ({ failingFor, passes, target: { alertAfter, recoverAfter = 1 } }, firing) => [
    [
      stated(failingFor > 0, 'its newest check failed', 'its newest check succeeded'),
      measured('its checks have failed for {}', failingFor, 'seconds', 'at least', alertAfter, 'alert_after'),
    ],
    ...(firing && passes !== undefined ? [[recovering(passes, recoverAfter)]] : []),
  ],
  annotations: (view, value) => {
    const { target, output } = view
    const reason = reasonIn(view)
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

/** Whether its checks have failed for as long as makes it down. */
function isFound({ failingFor, target: { alertAfter } }: TargetView): boolean {
  return failingFor > 0 && failingFor >= alertAfter
}

function recovering(passes: number, needed: number): Condition {
  const what = `{} of ${needed} passes in a row were seen since it was found down`
  return measured(what, passes, 'count', 'less than', needed, 'recover_after')
}

/** Of one that has not recovered the newest check may have succeeded: then that of the last failure. */
function reasonIn({ reason, passes, newestFailure }: TargetView): string {
  return reason ?? (passes === undefined ? '' : (newestFailure?.failure?.reason ?? ''))
}

/** What is expected and what is seen instead, in words that are true of a job that calls and of a target that is new. */
function whatIsWrong(view: TargetView, failingFor: number): string {
  const { target, succeededAt, newest, reason, passes } = view
  const { waitingSince, period } = newest?.heartbeat ?? {}
  if (newest && waitingSince !== undefined && period !== undefined && reason === 'timeout') {
    const silence = Math.round(newest.startedAt.getTime() / 1000 - waitingSince)
    if (silence > period)
      return `has had no call for ${humanizeDuration(silence)}, expected one every ${humanizeDuration(period)}`
  }
  if (newest?.heartbeat && reason === 'command') return 'has reported a failure, and no success after it'
  if (passes !== undefined && !isFound(view))
    return `was down, and has not passed ${target.recoverAfter ?? 1} checks in a row since`
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
