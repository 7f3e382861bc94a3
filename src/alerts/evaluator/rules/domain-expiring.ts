import { targetAnnotations } from './annotations.ts'
import { absent, measured, type Condition, type LimitKey } from './condition.ts'
import { humanizeDuration } from './go-format.ts'
import type { AlertRule, TargetView } from './rule.ts'
import { twoSeverities } from './two-severities.ts'

/** Seconds for which a date counts that no newer check has learnt: a registry may not answer for a while. */
const window = 3 * 86_400

/** Seconds: less is critical. */
const criticalBelow = 7 * 86_400

/** Seconds for which the domain is still registered; nothing where none of the last checks learnt it. */
function remaining({ domain, now, target }: TargetView): number | undefined {
  // The exporter serves a check for an interval.
  if (!domain || now - domain.at >= window + target.interval) return undefined
  return domain.expiresAt - now
}

/** Seconds that are expected; nothing for a target of another kind. */
function expected({ target: { check } }: TargetView): number | undefined {
  return check.kind === 'domain' ? check.expect.minSeconds : undefined
}

/** The same, where it is less than expected. */
function tooLittle(view: TargetView): number | undefined {
  const [left, limit] = [remaining(view), expected(view)]
  return left !== undefined && limit !== undefined && left < limit ? left : undefined
}

/** The first is that of the warning. */
function conditions(view: TargetView): Condition[] {
  const [left, limit] = [remaining(view), expected(view)]
  if (left === undefined || limit === undefined)
    return [absent('no check within 3d learnt when a domain expires')]
  const below = (than: number, key?: LimitKey): Condition => ({
    ...measured('the domain expires in {}', left, 'seconds', 'less than', than, key),
    falls: true,
  })
  return [below(limit, 'expect.domain_days'), below(criticalBelow)]
}

/** A domain ends sooner than expected: a warning, and critical within 7 days. */
export const domainExpiring: readonly AlertRule[] = twoSeverities({
  ...{ tooLittle, criticalBelow, conditions },
  alertname: 'DomainExpiring',
  keepFiringFor: 300,
  // Until the first check of a process has learnt it again.
  window: (interval: number) => interval + 60,
  dependent: false,
  annotations: (view: TargetView, value: number) => {
    const ends = value < 0 ? 'has expired' : `expires in ${humanizeDuration(value)}`
    const limit = humanizeDuration(expected(view) ?? 0)
    return {
      summary: `${view.target.name} is a domain that ${ends}, expected at least ${limit}`,
      description:
        'The registry says so. Renew it with the registrar: without a renewal, the domain and all names below it stop working.',
      ...targetAnnotations(view.target, 'DomainExpiring'),
    }
  },
})
