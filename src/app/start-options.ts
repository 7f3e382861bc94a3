import type { RemoteAccess } from '../config/remote/source.ts'
import type { ListenAddress } from '../lib/http/listen.ts'
import type { AccessPlaces } from './access.ts'
import type { CallsAddress } from './calls/receiver.ts'
import type { HistoryPlace } from './recording.ts'

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
  /** Threads that make probes under load, at most. Default: none. */
  readonly probeThreads?: number
  /** Milliseconds for which requests are still answered when a signal ends the process. Default 0. */
  readonly shutdownDelayMs?: number
  /** Milliseconds that `stop` lets requests in flight finish. Default 120 s, longer than any probe may take. */
  readonly drainMs?: number
  /** When the last run crashed. Default: it did not. */
  readonly lastCrash?: Date | undefined
}
