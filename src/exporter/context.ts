import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RequestHandler } from 'express'
import type { Config } from '../config/config.ts'
import type { HealthOptions } from '../lib/http/health.ts'
import type { Logger } from '../lib/logger.ts'
import type { Clock } from '../lib/time/clock.ts'
import type { MetricsRouteOptions } from '../metrics/route.ts'
import type { Heartbeats } from '../checks/heartbeat/heartbeats.ts'
import type { CrossOriginOptions } from './cross-origin.ts'
import type { SharedProbes } from './shared-probes.ts'

/** Who may do what. */
export interface ExporterAccess {
  /** Refuses who may not use a route. */
  readonly guard: RequestHandler
  /** The same without Express. @returns Whether it has answered. */
  readonly refused: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Why a request may not report for a job whose heartbeat has no token of its own; undefined where it may. */
  readonly refusal: (
    request: IncomingMessage,
    scope: 'heartbeat',
  ) => { readonly status: number; readonly words: string } | undefined
  /** Whether somebody has shown that they may report for every job. */
  readonly reportsForAll: (request: IncomingMessage) => boolean
  /** Where a request comes from. */
  readonly addressOf: (request: IncomingMessage) => string
}

/** What the routes work with. */
export interface ExporterContext extends HealthOptions, MetricsRouteOptions {
  /** The configuration in force. */
  readonly config: () => Config
  /** Loads the configuration again; throws what is wrong with it. */
  readonly reload: () => Promise<void>
  /** Whether `/-/reload` is there: `--web.enable-lifecycle`. */
  readonly lifecycle: boolean
  /** The URL under which Prometheus reaches this exporter; without it, the host that asked. */
  readonly externalUrl?: URL
  /** What every path begins with. */
  readonly routePrefix: string
  /** Where this exporter probes from. */
  readonly location: string
  /** Probes of configured targets. */
  readonly probes: SharedProbes
  /** Probes of other URLs, where the configuration allows them. */
  readonly adHocProbes: SharedProbes
  /** What the jobs that have to call have reported. */
  readonly heartbeats: Heartbeats
  /** Which pages of other sites may report calls. */
  readonly crossOrigin: CrossOriginOptions
  /** Who may do what. */
  readonly access: ExporterAccess
  readonly clock: Clock
  readonly log: Logger
}
