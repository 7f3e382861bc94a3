import { logChannelName, type NotifyConfig, type Route } from './notify.ts'
import { proberNetworkDown, routesOfProberNetworkDown } from './prober-network.ts'
import { defaultRepeat, parseRepeat, type Repeat } from './repeat.ts'
import type { QuietHours } from './quiet-hours.ts'

type Routing = Pick<NotifyConfig, 'routes' | 'channels'>

type Labels = Readonly<Record<string, string>>

/** How one alert is sent on one channel. */
export interface Plan {
  readonly channel: string
  readonly repeat: Repeat
  readonly quietHours?: QuietHours
  /** Seconds for which the alert has to fire, neither silenced nor acknowledged. Default: none. */
  readonly after?: number
}

/**
 * Who is notified of an alert: the channels of the target's own `notify:` (which travels as the label of that name), else those
 * of every route that matches, each once. On a channel the first route that names it says how. The log is not among them: it always
 * gets every alert.
 *
 * ProberNetworkDown goes to every channel that an alert that it holds back might have reached.
 */
export function plansFor(config: Routing, labels: Labels): Plan[] {
  const severity = labels.severity ?? ''
  const own = parseRepeat(labels.repeat ?? '')
  const named = (labels.notify ?? '').split(',').filter((name) => name !== '')
  const chosen: (readonly [string, Route | undefined])[] =
    named.length > 0 ? named.map((name) => [name, undefined]) : routed(config, labels)
  const plans = new Map<string, Plan>()
  for (const [channel, route] of chosen) {
    if (channel === logChannelName || plans.has(channel)) continue
    plans.set(channel, {
      channel,
      repeat: own ?? route?.repeat ?? defaultRepeat(severity),
      ...(route?.quietHours && { quietHours: route.quietHours }),
      ...(route?.after !== undefined && { after: route.after }),
    })
  }
  return [...plans.values()]
}

function routed(config: Routing, labels: Labels): (readonly [string, Route | undefined])[] {
  const takes = (route: Route | undefined): boolean =>
    route?.matchers.every(({ matches }) => matches(labels)) ?? false
  const guard = labels.alertname === proberNetworkDown ? routesOfProberNetworkDown(config) : undefined
  return [
    ...config.routes
      .filter((route, index) => takes(route) || takes(guard?.inPlaceOf[index]))
      .flatMap((route) => route.channels.map((name) => [name, route] as const)),
    ...(guard?.unrouted ?? []).map((name) => [name, undefined] as const),
  ]
}
