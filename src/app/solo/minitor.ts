import type { Registry } from 'prom-client'
import type { NotifierMetrics } from '../../alerts/delivery/metrics.ts'
import type { Notification } from '../../channels/channel.ts'
import { loadMinitor } from '../../foreign/minitor/load.ts'
import { builtInLog, type MinitorFile } from '../../foreign/minitor/minitor.ts'
import { unsetVariables } from '../../foreign/minitor/shell-variables.ts'
import { translate } from '../../foreign/minitor/translate.ts'
import { loadNotify } from '../../config/notify/load.ts'
import type { Target } from '../../config/target/target.ts'
import { minitorMetrics } from '../../exporter/minitor/metrics.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { ProbeResult } from '../../checks/result.ts'
import { foreignFormats } from '../../foreign/index.ts'
import { openChannel, notifyTypes } from '../channels.ts'

export interface SoloMinitorOptions {
  readonly configFile: string
  /** Gets the metrics of Minitor. */
  readonly registry: Registry
  readonly log: Logger
  readonly clock: Clock
  readonly env: NodeJS.ProcessEnv
}

/** What `probity solo` does for a Minitor file in addition to what it does for any other. */
export interface SoloMinitor {
  /** The file is its own notify.yml. */
  readonly notify: { readonly file: string; readonly optional: false }
  /** The same metrics, the alerts counted as Minitor did. */
  readonly counted: (metrics: NotifierMetrics) => NotifierMetrics
  readonly checked: (target: Target, result: ProbeResult) => void
  /** To be called when the configuration has changed. */
  readonly configChanged: () => void
  /** Runs the alerts once that the file names for it, one after the other. What fails is logged. */
  readonly runStartupAlerts: () => void
}

/**
 * Recognises a Minitor file.
 *
 * @returns Nothing if it is not one.
 * @throws ConfigError where it is one in which something is wrong.
 */
export async function openMinitor(options: SoloMinitorOptions): Promise<SoloMinitor | undefined> {
  const { configFile, registry, log, env } = options
  const first = await loadMinitor(configFile, env)
  if (first === undefined) return undefined
  const metrics = minitorMetrics(registry)
  const adopt = (file: MinitorFile): void => {
    metrics.fileChanged(file)
    for (const note of translate(file).notes) log.info(`${configFile}: ${note}`)
    for (const name of unsetVariables(file, env))
      log.warn(`${configFile}: the environment variable ${name} is not set: the shell expands it to nothing`)
  }
  adopt(first)
  return {
    notify: { file: configFile, optional: false },
    counted: ({ events, ...others }) => ({
      ...others,
      events: {
        ...events,
        delivered(delivery) {
          events.delivered(delivery)
          const { target, status } = delivery.notification
          metrics.told({ channel: delivery.channel, target, status })
        },
      },
    }),
    checked: ({ name }, result) => {
      metrics.checked(name, result)
    },
    configChanged() {
      // What is wrong with the file keeps the old one in force, and is reported by what refused it.
      loadMinitor(configFile, env).then(
        (file) => {
          if (file !== undefined) adopt(file)
        },
        () => undefined,
      )
    },
    runStartupAlerts() {
      runStartupAlerts(first, options).catch((error: unknown) => {
        log.error(`startup alerts: ${messageOf(error)}`)
      })
    },
  }
}

async function runStartupAlerts(
  file: MinitorFile,
  { configFile, log, clock, env }: SoloMinitorOptions,
): Promise<void> {
  if (file.startupAlerts.length === 0) return
  const { channels } = translate(file)
  const notify = await loadNotify(configFile, { env, foreign: foreignFormats, types: notifyTypes })
  for (const alert of file.startupAlerts) {
    const notification = startupNotification(alert, clock.now())
    const names = channels.filter((channel) => channel.alert === alert).map(({ channel }) => channel)
    if (names.length === 0 && alert === builtInLog) log.info(notification.summary)
    for (const name of names) {
      const definition = notify.channels.find((channel) => channel.name === name)
      const reason = notify.leftOut.find((channel) => channel.name === name)?.reason
      try {
        if (definition === undefined) throw new Error(reason ?? 'there is no such channel')
        const always = { ...definition, settings: { ...(definition.settings as object), when: ['resolved'] } }
        const open = openChannel(always, { clock, env, store: noStore, audit: () => Promise.resolve() })
        await open.channel.deliver(notification, new AbortController().signal)
        log.info({ alert }, 'startup alert: succeeded')
      } catch (error) {
        log.error({ alert }, `startup alert: failed: ${messageOf(error)}`)
      }
    }
  }
}

/** Once at the start is not a run that counts. */
const noStore = { get: () => Promise.resolve(undefined), set: () => Promise.resolve() }

/** Minitor's own words for the first run. */
function startupNotification(alert: string, now: number): Notification {
  const target = `First Run Alert Test: ${alert}`
  return {
    status: 'resolved',
    alertname: 'StartupAlert',
    target,
    severity: 'info',
    summary: target,
    description: 'A test of this alert at the start.',
    runbookUrl: '',
    dashboardUrl: '',
    startsAt: new Date(now),
    endsAt: new Date(now),
    labels: { alertname: 'StartupAlert', target, severity: 'info' },
    fingerprint: '0000000000000001',
    alertCount: 0,
    failureCount: 0,
    lastSuccess: new Date(now),
  }
}
