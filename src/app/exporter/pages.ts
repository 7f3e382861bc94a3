import type { Router } from 'express'
import type { Keeping } from '../../lib/io/keeping.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { statusPages, type StatusPagesOptions } from '../../web/pages/routes.ts'
import type { LinkedActions, Silencing } from '../../web/status/silences.ts'
import type { StatusSource } from '../../web/status/status.ts'
import type { ServerAccess } from '../access.ts'
import type { ExporterDependencies, ExporterOptions } from '../start-options.ts'

type Shown = 'sources' | 'explain' | 'subscribing' | 'pictureOf' | 'callsUrl' | 'posts' | 'assets'

/** What pages show of a running exporter. */
export interface ShownParts extends Pick<StatusPagesOptions, Shown> {
  readonly access: ServerAccess
  readonly status: StatusSource
  readonly keeping: Keeping
  /** Undefined where this process knows of no silences. */
  readonly silencing: Silencing | undefined
  /** What the links of messages lead to. */
  readonly links: LinkedActions | undefined
  readonly clock: Clock
}

/** The pages that people see of an exporter or of solo. */
export function exporterPages(
  { configFile, lastCrash, telemetryPath, externalUrl }: ExporterOptions,
  { notified }: ExporterDependencies,
  { access, status, silencing, links, clock, ...shown }: ShownParts,
): Router {
  return statusPages({
    ...access,
    ...shown,
    source: status,
    lastCrash,
    telemetryPath,
    firstSteps: () => ({ configFile, notified: notified?.() }),
    silences: silencing && {
      silencing,
      links,
      callerOf: access.callerOf,
      may: (request) => !access.refusal(request, 'silence'),
    },
    externalUrl,
    now: clock.now,
  })
}
