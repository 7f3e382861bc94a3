import { Document, isScalar, visit } from 'yaml'
import type { NotifyConfig } from '../../config/notify/notify.ts'
import { inhibitRules } from './inhibition.ts'
import type { AlertmanagerYaml } from '../../channels/receiver.ts'
import { isPager, renderReceiver } from './receivers.ts'
import { channelRoutes, nobody, timeIntervals } from './routes.ts'

export interface RenderOptions {
  /** Where Alertmanager finds the files of the secrets; absolute. */
  readonly secretsFolder: string
  /** Where Alertmanager reaches the notifier, without a trailing slash. */
  readonly notifierUrl: string
  /** Where Alertmanager finds the notifier's bearer token. */
  readonly tokenFile: string
  /** What the dead-man's switch pings every minute. */
  readonly heartbeatUrl?: string
}

export interface Rendering {
  /** alertmanager.yml */
  readonly text: string
  /** What the files in the folder of the secrets hold, by name. */
  readonly secrets: ReadonlyMap<string, string>
}

const head = `# Alertmanager: who is told what, when, and what is held back because something larger explains it.
#
# Made by \`probity render alertmanager\` of config/notify.yml: edit that. What is committed is the default, with no channel set.
# Secrets come from files, because Alertmanager does not expand environment variables.
`

const explanation = {
  watchdog: `    # Always firing, so that its absence is noticed from outside: short timers for a dead-man's switch (HEARTBEAT_URL).
`,
  notifier: `
    # Everything goes to the alerts log and to the channels that Probity delivers itself; it keeps their repeats.
`,
  channels: `
    # Channels that Alertmanager delivers. Each has a tree of its own, which every alert passes by.
`,
}

/** Makes alertmanager.yml of notify.yml. */
export function renderAlertmanager(config: NotifyConfig, options: RenderOptions): Rendering {
  const secrets = new Map<string, string>()
  const native = config.channels.filter((channel) => channel.native)
  const secretFile =
    (channel: string) =>
    (what: string, secret: string): string => {
      secrets.set(`${channel}.${what}`, secret)
      return `${options.secretsFolder}/${channel}.${what}`
    }
  const receivers: AlertmanagerYaml[] = [
    {
      name: 'notifier',
      webhook_configs: [
        {
          url: `${options.notifierUrl}/api/v1/alerts`,
          send_resolved: true,
          http_config: { authorization: { credentials_file: options.tokenFile } },
        },
      ],
    },
    {
      name: 'watchdog',
      ...(options.heartbeatUrl !== undefined && {
        webhook_configs: [
          {
            url_file: secretFile('watchdog')('url', options.heartbeatUrl),
            send_resolved: false,
            max_alerts: 1,
          },
        ],
      }),
    },
    ...(native.length > 0 ? [{ name: nobody }] : []),
    ...native.map(({ name, type, settings }) => ({
      name,
      ...renderReceiver(type, settings, secretFile(name)),
    })),
  ]
  const chat = native.find(({ type }) => !isPager(type))
  const trees = native.map((channel) => channelRoutes(channel, config, channel === chat))
  const intervals = timeIntervals(config)
  const text = [
    head,
    yaml({ templates: ['templates/*.tmpl'] }),
    `route:\n${indent(
      yaml({
        receiver: 'notifier',
        group_by: ['alertname', 'target'],
        group_wait: '10s',
        group_interval: '1m',
        repeat_interval: '4h',
      }),
    )}  routes:\n${explanation.watchdog}${item(watchdogRoute)}${explanation.notifier}${item(notifierRoute)}${
      trees.length > 0 ? explanation.channels + trees.map(item).join('') : ''
    }`,
    yaml({ receivers }),
    ...(intervals.length > 0 ? [yaml({ time_intervals: intervals })] : []),
    inhibitRules,
  ].join('\n')
  return { text, secrets }
}

const watchdogRoute = {
  receiver: 'watchdog',
  matchers: ['alertname="Watchdog"'],
  group_by: ['alertname'],
  group_wait: '0s',
  group_interval: '30s',
  repeat_interval: '1m',
}

const notifierRoute = {
  receiver: 'notifier',
  continue: true,
  routes: [{ receiver: 'notifier', matchers: ['severity="critical"'], repeat_interval: '1h' }],
}

function yaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false })
  visit(document, {
    Seq(_key, list) {
      // Short lists read better on one line.
      list.flow = list.items.every(isScalar)
    },
  })
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

function item(value: AlertmanagerYaml): string {
  return indent(yaml([value]), 4)
}

function indent(text: string, by = 2): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by))
}
