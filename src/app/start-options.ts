import type { Router } from 'express'
import type { SilenceKeeper } from '../alerts/silences/keeper.ts'
import type { Observation } from '../exporter/shared-probes.ts'
import type { Keeping } from '../lib/io/keeping.ts'
import type { Logger } from '../lib/logger.ts'
import type { Clock } from '../lib/time/clock.ts'
import type { Timers } from '../lib/time/timers.ts'
import type { LinkedActions } from '../web/status/silences.ts'
import type { Deciding } from './explain/running.ts'
import type { RemoteAccess } from '../config/remote/source.ts'
import type { ListenAddress } from '../lib/http/listen.ts'
import type { AccessPlaces, ServerAccess } from './access.ts'
import type { CallsAddress } from './calls/receiver.ts'
import type { HistoryPlace } from './recording/recording.ts'
import type { NotifyFile } from './subscribing/follow-notify.ts'
import type { ReportTo } from './recording/reporting.ts'

/** What `probity exporter` and `probity solo` are started with. */
export interface ExporterOptions extends AccessPlaces {
  /** A file, a directory or a URL. */
  readonly configFile: string
  /** For a URL: how it is asked for. Default: without a token. */
  readonly remote?: RemoteAccess
  /** For a URL: the folder in which the last good configuration outlives the process. Default: it does not. */
  readonly configStorage?: string
  readonly listenAddress: ListenAddress
  readonly lifecycle?: boolean
  /** Default `default`. */
  readonly location?: string
  /** Where results are stored. Default: nowhere. */
  readonly history?: HistoryPlace
  /** The folder of what is remembered of jobs that call. Default: it ends with the process. */
  readonly storagePath?: string
  /** Where calls are received over UDP. Default: nowhere, only over HTTP. */
  readonly calls?: CallsAddress
  /** Where spans are received over gRPC. Default: nowhere. */
  readonly otlpGrpcAddress?: ListenAddress | undefined
  /** Origins of pages that may report calls, or `*`. Default: none. */
  readonly corsOrigins?: readonly string[]
  /** notify.yml, whose channels send the mails of public pages. Default: there are none. */
  readonly notify?: NotifyFile
  /** Another Probity that shows the checks of this one, too. Default: none does. */
  readonly reportTo?: ReportTo
  /** The file of the secret with which GitHub and GitLab send webhooks about deployments. Default: they may not. */
  readonly marksSecretFile?: string | undefined
  /** Whose silences people see and make. Default: nobody's, but for those of this process. */
  readonly alertmanagerUrl?: URL
  /** Threads that make probes under load, at most. Default: none. */
  readonly probeThreads?: number
  /** Milliseconds for which requests are still answered when a signal ends the process. Default 0. */
  readonly shutdownDelayMs?: number
  /** Milliseconds that `stop` lets requests in flight finish. Default 120 s, longer than any probe may take. */
  readonly drainMs?: number
  /** When the last run crashed. Default: it did not. */
  readonly lastCrash?: Date | undefined
}

export interface ExporterDependencies {
  readonly log: Logger
  readonly env?: NodeJS.ProcessEnv
  readonly clock?: Clock
  /** Default: the machine's. */
  readonly timers?: Timers
  /** Which files can be written, its own and those of the caller. Default: its own. */
  readonly keeping?: Keeping
  /** Called once for every probe of a configured target. Default: failed ones are logged. */
  readonly onObservation?: (observation: Observation) => void
  /** What else is loaded again with the configuration. Default: nothing. */
  readonly alsoReload?: () => Promise<void>
  /** What else is served. Default: nothing. */
  readonly moreRoutes?: (access: ServerAccess) => readonly Router[]
  /** The channels that alerts go to. Default: another program decides it. */
  readonly notified?: () => readonly string[]
  /** The silences of this process. Default: there are none. */
  readonly silences?: SilenceKeeper
  /** What the links of messages lead to. Default: messages have no links that act. */
  readonly links?: LinkedActions
  /** What decides alerts in this process. Default: another program does. */
  readonly deciding?: Deciding
}
