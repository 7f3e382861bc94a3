import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Gauge, type Registry } from 'prom-client'
import { pingDeadMansSwitch, startDeadMansSwitch } from '../alerts/delivery/dead-mans-switch.ts'
import type { NotifierMetrics } from '../alerts/delivery/metrics.ts'
import { forEachRecipient } from '../alerts/delivery/destination.ts'
import { startDispatcher, type Dispatcher, type DispatcherOptions } from '../alerts/delivery/dispatcher.ts'
import type { OpenChannel } from '../alerts/delivery/channel-paces.ts'
import { watchTelling } from '../alerts/delivery/telling-watch.ts'
import { noNotify } from '../config/notify/load.ts'
import type { NotifyConfig } from '../config/notify/notify.ts'
import { plansFor } from '../config/notify/routing.ts'
import { createNotifyStore } from '../config/notify/store.ts'
import type { CommandRun } from '../lib/command-run/run.ts'
import type { Clock } from '../lib/time/clock.ts'
import { openDurableMap } from '../lib/io/durable-map.ts'
import type { Keeping } from '../lib/io/keeping.ts'
import type { Logger } from '../lib/logger.ts'
import type { Ledger } from '../lib/numbered.ts'
import { systemTimers } from '../lib/time/timers.ts'
import { foreignFormats } from '../foreign/index.ts'
import { definition } from '../metrics/registry.ts'
import { selfMetrics } from '../metrics/self.ts'
import type { ReloadStatus } from '../settings/reload/reloading.ts'
import { openChannel, notifyTypes } from './channels.ts'
import { openCommandFiles } from './command-files.ts'
import { openPeering, peeringMetrics } from './notify/peering.ts'
import { sentReports } from './report/sending/book.ts'
import type { ReportSenderOptions } from './report/sending/sender.ts'

export interface DeliveryOptions {
  readonly storagePath: string
  /** Nothing: there is no channel but the log. */
  readonly notify: { readonly file: string; readonly optional: boolean } | undefined
  /** Whether alerts come from Probity itself, and not from Alertmanager: all channels are delivered here. Default false. */
  readonly withoutAlertmanager?: boolean
  /** Whether channels are delivered here, too, that Alertmanager could deliver. Default false. */
  readonly allChannels?: boolean
  readonly metrics: Pick<NotifierMetrics, 'events' | 'known' | 'registry'>
  /** Whether an alert may have ended: it is not repeated meanwhile. Default: none may. */
  readonly isInDoubt?: DispatcherOptions['isInDoubt']
  /** Until when nobody is to be notified that an alert fires, in unix milliseconds. Default: there is no such time. */
  readonly mutedUntil?: DispatcherOptions['mutedUntil']
  /** Why alerts do not get here; the dead-man's switch is not pinged then. Default: they do. */
  readonly stalled?: () => string | undefined
  /** Where this process probes from, if it does. */
  readonly location?: string
  /** What the other one of a pair keeps too, by its name. Default: nothing. */
  readonly ledgers?: Readonly<Record<string, Ledger>>
  /** Takes every run of a command. Default: nobody does. */
  readonly ran?: ((run: CommandRun) => void) | undefined
  readonly keeping: Keeping
  readonly log: Logger
  readonly clock: Clock
  readonly env: NodeJS.ProcessEnv
}

export interface ChannelDelivery extends Pick<
  Dispatcher,
  'accept' | 'lookAgain' | 'firing' | 'pending' | 'undelivered' | 'peering' | 'stop'
> {
  /** Reads notify.yml again. */
  readonly reload: () => Promise<void>
  readonly config: () => NotifyConfig
  /** The channels delivered to here that a route names, in the order of notify.yml. */
  readonly notified: () => readonly string[]
  /** What the sender of reports needs to know. */
  readonly reporting: Pick<ReportSenderOptions, 'reports' | 'openChannel' | 'book' | 'mayHead'>
}

/** Adds to a registry how the last reload of notify.yml went. */
function reloadMetric(registry: Registry, status: () => ReloadStatus): void {
  new Gauge({
    ...definition(selfMetrics.notifyReloadSuccessful),
    registers: [registry],
    collect() {
      this.set(Number(status().successful))
    },
  })
}

/** Delivers to the channels of notify.yml, with its state in one file and every run of a command in an audit log. */
export async function startDelivery(options: DeliveryOptions): Promise<ChannelDelivery> {
  const { storagePath, notify, metrics, keeping, log, clock, env, withoutAlertmanager = false } = options
  const {
    stalled = () => undefined,
    allChannels = withoutAlertmanager,
    location,
    ledgers = {},
    ran,
  } = options
  const stateName = 'notifier-state.jsonl'
  const map = await openDurableMap({ path: join(storagePath, stateName), report: keeping.file(stateName) })
  const { store: commandStore, audit, close } = await openCommandFiles({ storagePath, map, keeping, log })
  const store =
    notify && createNotifyStore({ ...notify, types: notifyTypes, foreign: foreignFormats, env, log, clock })
  const closeFiles = async (): Promise<void> => {
    await store?.stop()
    await map.close()
    await close()
  }
  try {
    await store?.start()
  } catch (error) {
    await closeFiles()
    throw error
  }
  const config = (): NotifyConfig => store?.current ?? noNotify
  if (store) reloadMetric(metrics.registry, () => store.status)
  let opened = new Map<string, OpenChannel>()
  /** With those that Alertmanager delivers to: it sends no reports. */
  let all = new Map<string, OpenChannel>()
  const book = sentReports(map)

  const dependencies = { clock, env, store: commandStore, audit, ...(ran && { ran }) }

  function configure(): void {
    const { channels, leftOut } = config()
    const ours = channels.filter(({ native }) => allChannels || !native)
    all = new Map(channels.map((channel) => [channel.name, openChannel(channel, dependencies)]))
    opened = new Map([...all].filter(([name]) => ours.some((channel) => channel.name === name)))
    for (const { name } of ours) metrics.known(name)
    for (const { name, reason } of leftOut) log.info({ channel: name }, `channel left out: ${reason}`)
  }

  configure()
  const [peer] = config().peers ?? []
  const dispatcher = startDispatcher({
    map,
    clock,
    timers: systemTimers,
    log,
    random: Math.random,
    events: metrics.events,
    openChannel: (name) => opened.get(name),
    ...(options.isInDoubt && { isInDoubt: options.isInDoubt }),
    ...(options.mutedUntil && { mutedUntil: options.mutedUntil }),
    ...(peer && { openPeering: openPeering({ peer, map, location, ledgers, reports: book, clock, log }) }),
    plans: (labels) =>
      plansFor(config(), labels).flatMap((plan) => {
        const open = opened.get(plan.channel)
        return open ? forEachRecipient(plan, open.channel.recipients) : []
      }),
  })
  const { peering } = dispatcher
  if (peering) peeringMetrics(metrics.registry, peering.view)
  store?.onChange(() => {
    if (!isDeepStrictEqual(config().peers?.[0], peer))
      log.warn('peers: in notify.yml has changed: restart to use it')
    configure()
    dispatcher.decide()
  })
  const unheard = watchTelling(dispatcher)
  const pingUrl = env['HEARTBEAT_URL'] ?? ''
  // With Alertmanager the Watchdog alert pings it, which proves more: that alerts still get through.
  const endPings =
    withoutAlertmanager && pingUrl !== ''
      ? startDeadMansSwitch({
          ping: (signal) => pingDeadMansSwitch(pingUrl, signal),
          trouble() {
            // Both, because the second looks from one ping to the next.
            const why = unheard()
            return stalled() ?? why
          },
          timers: systemTimers,
          log,
        })
      : undefined

  async function stop(): Promise<void> {
    endPings?.()
    await dispatcher.stop()
    await closeFiles()
  }

  let stopping: Promise<void> | undefined
  return {
    accept: dispatcher.accept,
    lookAgain: dispatcher.lookAgain,
    firing: dispatcher.firing,
    pending: dispatcher.pending,
    undelivered: dispatcher.undelivered,
    ...(peering && { peering }),
    config,
    notified() {
      const routed = new Set(config().routes.flatMap(({ channels }) => channels))
      return [...opened.keys()].filter((name) => routed.has(name))
    },
    reporting: {
      reports: () => config().reports ?? [],
      openChannel: (name) => all.get(name),
      book,
      mayHead: () => peering === undefined || ['leading', 'alone'].includes(peering.view().role),
    },
    reload: async () => store?.reload(),
    stop: () => (stopping ??= stop()),
  }
}
