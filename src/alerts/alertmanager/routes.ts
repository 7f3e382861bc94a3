import { formatDuration } from '../../settings/values/duration.ts'
import { formatMatcher } from '../../config/notify/matchers.ts'
import type { ChannelDefinition, GroupSettings, NotifyConfig, Route } from '../../config/notify/notify.ts'
import { proberNetworkDown, routesOfProberNetworkDown } from '../../config/notify/prober-network.ts'
import type { QuietHours } from '../../config/notify/quiet-hours.ts'
import type { Repeat } from '../../config/notify/repeat.ts'
import type { AlertmanagerYaml } from '../../channels/receiver.ts'

/** A receiver that notifies nobody: where a channel's own routes end. */
export const nobody = 'nobody'

/** For `once`: a year. */
const longest = '8760h'

interface Leaf {
  readonly matchers: readonly string[]
  readonly receiver: string
  readonly repeat?: Repeat
  readonly quiet?: { readonly name: string; readonly hours: QuietHours }
}

/**
 * The routes of one channel, as a separate tree that every alert goes through: the first that matches decides, so that a
 * channel is notified once, however many routes of notify.yml name it.
 *
 * @param isFirstChat Whether it is the one that is notified when the notifier fails.
 */
export function channelRoutes(
  { name, delivery: { group } }: ChannelDefinition,
  config: NotifyConfig,
  isFirstChat: boolean,
): AlertmanagerYaml {
  const guard = routesOfProberNetworkDown(config)
  const guardMatcher = formatMatcher({ label: 'alertname', operator: '=', value: proberNetworkDown })
  const leaves = config.routes.flatMap((route, index): Leaf[] => {
    if (!route.channels.includes(name)) return []
    const own = leafOf(route, index, name)
    const instead = guard.inPlaceOf[index]
    // A route for every alert has that one too.
    if (!instead || own.matchers.length === 0) return [own]
    const guardLeaf = leafOf(instead, index, name)
    return [{ ...guardLeaf, matchers: [guardMatcher, ...guardLeaf.matchers] }, own]
  })
  if (guard.unrouted.includes(name)) leaves.push({ matchers: [guardMatcher], receiver: name })
  const named = formatMatcher({ label: 'notify', operator: '=~', value: `(.+,)?${name}(,.+)?` })
  return {
    receiver: nobody,
    continue: true,
    ...grouping(group),
    routes: [
      ...(isFirstChat ? [leaf({ matchers: ['alertname="NotificationsFailing"'], receiver: name })] : []),
      leaf({ matchers: [named], receiver: name }),
      { matchers: ['notify!=""'], receiver: nobody },
      ...leaves.map(leaf),
    ],
  }
}

/** A channel with a message for each alert has a group for each target. */
function grouping(group: GroupSettings | undefined): AlertmanagerYaml {
  if (group === undefined) return { group_by: ['alertname', 'target'] }
  return {
    group_by: [...group.by],
    group_wait: formatDuration(group.wait),
    group_interval: formatDuration(group.interval),
  }
}

function leafOf(route: Route, index: number, receiver: string): Leaf {
  return {
    matchers: route.matchers.map(formatMatcher),
    receiver,
    ...(route.repeat && { repeat: route.repeat }),
    ...(route.quietHours && { quiet: { name: quietName(index), hours: route.quietHours } }),
  }
}

function leaf({ matchers, receiver, repeat, quiet }: Leaf): AlertmanagerYaml {
  const interval = intervalOf(repeat)
  const mute = (severity: string): object =>
    quiet && !quiet.hours.except.includes(severity) ? { mute_time_intervals: [quiet.name] } : {}
  const others = quiet?.hours.except.filter((severity) => severity !== 'critical') ?? []
  const special = [
    ...(interval === undefined || quiet?.hours.except.includes('critical')
      ? [
          {
            matchers: ['severity="critical"'],
            receiver,
            repeat_interval: interval ?? '1h',
            ...mute('critical'),
          },
        ]
      : []),
    ...others.map((severity) => ({
      matchers: [formatMatcher({ label: 'severity', operator: '=', value: severity })],
      receiver,
    })),
  ]
  return {
    receiver,
    ...(matchers.length > 0 && { matchers }),
    ...(interval !== undefined && { repeat_interval: interval }),
    ...(quiet && { mute_time_intervals: [quiet.name] }),
    ...(special.length > 0 && { routes: special }),
  }
}

/** What Alertmanager has for a repeat; nothing where its default holds, as for those that it cannot do. */
function intervalOf(repeat: Repeat | undefined): string | undefined {
  if (repeat?.kind === 'every') return formatDuration(repeat.seconds)
  return repeat?.kind === 'once' ? longest : undefined
}

function quietName(index: number): string {
  return `quiet-hours-${index + 1}`
}

/** `time_intervals:` of alertmanager.yml. */
export function timeIntervals({ routes }: NotifyConfig): AlertmanagerYaml[] {
  return routes.flatMap(({ quietHours: hours }, index) =>
    hours === undefined ? [] : [{ name: quietName(index), time_intervals: [intervals(hours)] }],
  )
}

function intervals({ from, to, timezone }: QuietHours): AlertmanagerYaml {
  const times =
    from < to
      ? [{ start_time: clock(from), end_time: clock(to) }]
      : [
          { start_time: clock(from), end_time: '24:00' },
          ...(to > 0 ? [{ start_time: '00:00', end_time: clock(to) }] : []),
        ]
  return { times, location: timezone }
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}
