import { join } from 'node:path'
import type { Registry } from 'prom-client'
import type { Observation } from '../exporter/shared-probes.ts'
import { historyMetrics } from '../history/metrics.ts'
import { toRow } from '../history/row.ts'
import { openHistory, type History } from '../history/store.ts'
import type { Clock } from '../lib/clock.ts'
import { ProbityError } from '../lib/errors.ts'
import type { Logger } from '../lib/logger.ts'

/** Where the history is. */
export interface HistoryPlace {
  /** A PostgreSQL server; without it the database is built in, in the folder. */
  readonly databaseUrl?: string
  readonly folder: string
}

/** The place that the environment and `--storage.path` name. */
export function historyPlace(env: NodeJS.ProcessEnv, storagePath: string): HistoryPlace {
  const { DATABASE_URL: url = '' } = env
  const folder = join(storagePath, 'history')
  if (url === '') return { folder }
  if (!/^postgres(ql)?:\/\/[^/]/.test(url) || !URL.canParse(url)) {
    throw new ProbityError(
      'DATABASE_URL_INVALID',
      'DATABASE_URL is no URL of a PostgreSQL server: expected postgres://user:password@host:5432/database, with what is special in a password percent-encoded',
    )
  }
  return { databaseUrl: url, folder }
}

export interface Recording {
  /** Stores the result of a probe in the background. */
  readonly observe: (observation: Observation) => void
  readonly stop: () => Promise<void>
}

export interface RecordingDependencies {
  readonly location: string
  readonly registry: Registry
  readonly clock: Clock
  readonly log: Logger
}

/** Stores the results of probes, or nothing where there is no place for them. */
export async function startRecording(
  place: HistoryPlace | undefined,
  { location, registry, clock, log }: RecordingDependencies,
): Promise<Recording> {
  if (!place) return { observe: () => undefined, stop: () => Promise.resolve() }
  const opened: { history?: History } = {}
  const events = historyMetrics(registry, () => opened.history?.length ?? 0)
  const history = await openHistory({ ...place, events, clock, log })
  opened.history = history
  return {
    observe({ target, result }) {
      history.add(toRow(target, location, result))
    },
    stop: history.stop,
  }
}
