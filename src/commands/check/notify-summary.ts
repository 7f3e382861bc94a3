import { listedTargets, type Config } from '../../config/config.ts'
import { formatDuration } from '../../settings/values/duration.ts'
import { plural } from '../../lib/text/text.ts'
import type { ChannelDefinition, NotifyConfig } from '../../config/notify/notify.ts'
import { formatRepeat, parseRepeat, type Repeat } from '../../config/notify/repeat.ts'

/** What a valid notify.yml holds, for a person: the channels, and what will not be as it is written. */
export function summarizeNotify(path: string, notify: NotifyConfig, config: Config): string {
  const { channels, leftOut, routes } = notify
  const names = [...channels, ...leftOut].map(({ name }) => name)
  const width = Math.max('log'.length, ...names.map((name) => name.length))
  const lines = [
    `  ${'log'.padEnd(width)}  every alert, always`,
    ...channels.map(
      ({ name, type, native }) =>
        `  ${name.padEnd(width)}  ${type}, delivered by ${native ? 'Alertmanager in the stack' : 'probity notifier'}`,
    ),
    ...leftOut.map(({ name, type, reason }) => `  ${name.padEnd(width)}  ${type}, left out: ${reason}`),
    ...unused(notify, config).map(
      (name) => `  note: ${name} gets no notifications: name it in a route, or in notify: of a target`,
    ),
    ...limits(notify, config).map((limit) => `  note: ${limit}`),
  ]
  const counts = `${plural(channels.length, 'channel')}, ${leftOut.length} left out, ${plural(routes.length, 'route')}`
  return `${path}: valid, ${counts}\n${lines.map((line) => `${line}\n`).join('')}`
}

/** The channels that nothing is sent through: no notifications, no reports, and no news of public pages. */
function unused({ channels, routes, reports = [] }: NotifyConfig, config: Config): string[] {
  const labels = [...listedTargets(config), ...config.callTargets].map(
    (target) => target.labels['notify'] ?? '',
  )
  const pages = config.publicPages ?? []
  const named = new Set(
    [
      ...[...routes, ...reports].map((one) => one.channels),
      ...labels.map((names) => names.split(',')),
      ...pages.map(({ subscribe }) => (subscribe ? [subscribe.channel] : [])),
    ].flat(),
  )
  return channels.map(({ name }) => name).filter((name) => !named.has(name))
}

/** Seconds. Alertmanager forgets what it sent after its --data.retention, whose default this is. */
const retention = 120 * 3600

/** What Alertmanager's own receivers cannot do in the stack. Solo can. */
function limits({ channels, routes }: NotifyConfig, config: Config): string[] {
  const native = new Map(
    channels.filter((channel) => channel.native).map((channel) => [channel.name, channel]),
  )
  const ofRoutes = routes.flatMap(({ channels: names, repeat, after }, index) =>
    names.flatMap((name) => [
      ...limit(`routes[${index}]`, native.get(name), repeat),
      ...(after === undefined || !native.has(name)
        ? []
        : [
            `routes[${index}]: ${name} is delivered by Alertmanager, which cannot wait for an acknowledgement (after: ${formatDuration(after)}); write via: probity to use it`,
          ]),
    ]),
  )
  const ofTargets = config.targets.flatMap(({ name, labels }) => {
    const repeat = parseRepeat(labels['repeat'] ?? '')
    const told = (labels['notify'] ?? '').split(',')
    const affected = [...native.values()].filter((channel) => told.includes(channel.name))
    return repeat === undefined ? [] : affected.map((channel) => `target ${name}: ${cannot(channel, repeat)}`)
  })
  return [...new Set([...ofRoutes, ...ofTargets])]
}

function limit(place: string, channel: ChannelDefinition | undefined, repeat: Repeat | undefined): string[] {
  if (channel === undefined || repeat === undefined) return []
  if (repeat.kind === 'exponential' || repeat.kind === 'checks')
    return [`${place}: ${cannot(channel, repeat)}`]
  const seconds = repeat.kind === 'every' ? repeat.seconds : Infinity
  if (seconds <= retention) return []
  return [
    `${place}: Alertmanager forgets what it sent after ${formatDuration(retention)}, and then repeats it to ${channel.name} (write via: probity)`,
  ]
}

function cannot({ name }: ChannelDefinition, repeat: Repeat): string {
  return `${name} is delivered by Alertmanager, which does not support repeat: ${formatRepeat(repeat)} and repeats every 4h (critical: 1h); write via: probity to use it`
}
