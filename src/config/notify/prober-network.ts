import { severities } from '../target/severity.ts'
import type { NotifyConfig, Route } from './notify.ts'

/** Reports that many targets cannot be reached, in place of their alerts, which are held back. */
export const proberNetworkDown = 'ProberNetworkDown'

/** The alerts that it holds back. */
const heldBack: readonly { readonly alertname: string; readonly severity: string }[] = [
  ...severities.flatMap((severity) => [
    { alertname: 'TargetDown', severity },
    { alertname: 'TargetFlapping', severity },
  ]),
  { alertname: 'TargetBudgetBurnFast', severity: 'critical' },
  ...[
    'TargetErrorRateHigh',
    'TargetSlow',
    'TargetTailSlow',
    'TargetLatencySpike',
    'TargetBudgetBurnSlow',
    'ProbeFailingCallsFine',
  ].map((alertname) => ({ alertname, severity: 'warning' })),
]

/**
 * The routes of ProberNetworkDown in addition to those that match it: it has no target, and goes wherever an alert that it holds back
 * might have gone. Only the location of such a route still counts. A channel that no route names belongs to targets, by their
 * `notify:`.
 */
export function routesOfProberNetworkDown({ routes, channels }: Pick<NotifyConfig, 'routes' | 'channels'>): {
  /** As long as `routes`, in their order; undefined where no alert that is held back takes that route. */
  readonly inPlaceOf: readonly (Route | undefined)[]
  readonly unrouted: readonly string[]
} {
  const routed = new Set(routes.flatMap((route) => route.channels))
  return {
    inPlaceOf: routes.map((route) =>
      mayCarry(route)
        ? { ...route, matchers: route.matchers.filter(({ label }) => label === 'location') }
        : undefined,
    ),
    unrouted: channels.map(({ name }) => name).filter((name) => !routed.has(name)),
  }
}

function mayCarry({ matchers }: Route): boolean {
  // What has a target is not matched by a route for what has none.
  if (matchers.some(({ label, operator, value }) => label === 'target' && operator === '=' && value === ''))
    return false
  const known = matchers.filter(({ label }) => label === 'alertname' || label === 'severity')
  return heldBack.some((labels) => known.every(({ matches }) => matches(labels)))
}
