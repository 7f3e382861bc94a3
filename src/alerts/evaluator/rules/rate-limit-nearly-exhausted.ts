import { targetAnnotations } from './annotations.ts'
import { absent, measured, stated, type Condition } from './condition.ts'
import { humanizePercentage } from './go-format.ts'
import type { AlertRule, TargetView } from './rule.ts'

const window = 900
/** The share that is left where a limit is nearly exhausted. */
const nearly = 0.1

/** Requests per second by which the rest changes: `deriv` of Prometheus, the least squares through what scrapes see. */
function slope({ samples, now }: TargetView): number | undefined {
  const points: { readonly x: number; readonly y: number }[] = []
  samples.within(window, now, ({ requestsLeft }, scrapes, firstAt, apart) => {
    if (requestsLeft === undefined) return
    for (let scrape = 0; scrape < scrapes; scrape++)
      points.push({ x: firstAt + scrape * apart - now, y: requestsLeft })
  })
  if (points.length < 2) return undefined
  const mean = (of: (point: { readonly x: number; readonly y: number }) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)]
  return mean((point) => (point.x - x) * (point.y - y)) / mean((point) => (point.x - x) ** 2)
}

/** The share that is left, where it is small and gone before the limit is reset. */
function shareLeft(view: TargetView): number | undefined {
  const { remaining, limit, resetAt } = view.rateLimit ?? {}
  if (remaining === undefined || limit === undefined || resetAt === undefined) return undefined
  const share = remaining / limit
  const time = resetAt - view.now
  if (!(share < nearly) || time <= 0) return undefined
  const change = slope(view)
  return change !== undefined && remaining + change * time <= 0 ? share : undefined
}

function conditions(view: TargetView): Condition[] {
  const { remaining, limit, resetAt } = view.rateLimit ?? {}
  if (remaining === undefined || limit === undefined || resetAt === undefined)
    return [absent('the newest check saw no rate limit')]
  const time = resetAt - view.now
  const change = slope(view)
  const atReset = 'at the pace of 15m, {} requests will be left at the reset'
  return [
    measured(
      '{} of the requests of its rate limit are left',
      remaining / limit,
      'ratio',
      'less than',
      nearly,
    ),
    measured('the limit is reset in {}', time, 'seconds', 'more than', 0),
    change === undefined
      ? stated(false, '', 'fewer than two checks within 15m saw the rate limit')
      : measured(atReset, remaining + change * time, 'count', 'at most', 0),
  ]
}

/** Few requests are left, and at the pace of the last 15 minutes none are before the reset. */
export const rateLimitNearlyExhausted: AlertRule = {
  id: 'RateLimitNearlyExhausted',
  alertname: 'RateLimitNearlyExhausted',
  severity: 'warning',
  holdsFor: 120,
  keepFiringFor: 300,
  window: () => window,
  dependent: false,
  heldBackBy: [],
  decide: shareLeft,
  conditions: (view) => [conditions(view)],
  annotations: ({ target }, value) => ({
    summary: `${target.name} has ${humanizePercentage(value)} of its rate limit left, which will run out before it is reset`,
    description:
      'Requests are about to be refused, including those of your own programs that use the same credential.',
    ...targetAnnotations(target, 'RateLimitNearlyExhausted'),
  }),
}
