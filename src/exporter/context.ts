import type { Registry } from 'prom-client'
import type { Config } from '../config/config.ts'
import type { Logger } from '../lib/logger.ts'
import type { SharedProbes } from './shared-probes.ts'

/** What the routes work with. */
export interface ExporterContext {
  /** The configuration in force. */
  readonly config: () => Config
  /** Loads the configuration again; throws what is wrong with it. */
  readonly reload: () => Promise<void>
  /** Whether `/-/reload` is there: `--web.enable-lifecycle`. */
  readonly lifecycle: boolean
  /** The URL under which Prometheus reaches this exporter; without it, the host that asked. */
  readonly externalUrl?: URL
  /** Where this exporter probes from. */
  readonly location: string
  readonly registry: Registry
  /** What else /metrics says, in Prometheus' text format. */
  readonly moreMetrics?: () => string
  /** Probes of configured targets. */
  readonly probes: SharedProbes
  /** Probes of other URLs, where the configuration allows them. */
  readonly adHocProbes: SharedProbes
  /** Whether the exporter is to be sent requests: false while it stops. */
  readonly ready: () => boolean
  readonly log: Logger
}
