import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isOverLimit } from 'probity-client/wire'
import type { Registry } from 'prom-client'
import { isAwaited } from '../../checks/heartbeat/result.ts'
import type { ReceivedCall } from '../../calls/collector.ts'
import { listedTargets, type Config } from '../../config/config.ts'
import type { Observation } from '../../exporter/shared-probes.ts'
import { keepCommandRuns, type CommandRunKeeper } from '../../history/write/command-runs.ts'
import { callMinutes } from '../../history/write/call-minutes.ts'
import { historyMetrics } from '../../history/metrics.ts'
import { receiverMetrics } from '../../history/relay/metrics.ts'
import { createReceiver, type Receive } from '../../history/relay/receive.ts'
import { keepMedians } from '../../history/reads/keep-medians.ts'
import type { MedianOf } from '../../history/reads/medians.ts'
import { keepNames, type Renamed } from '../../history/names.ts'
import { toRow } from '../../history/row.ts'
import type { Sql } from '../../history/sql.ts'
import { openHistory, type History } from '../../history/store.ts'
import type { Retention } from '../../history/upkeep.ts'
import { openMarks, type Marks } from './marks.ts'
import { keepVendorStates, type VendorStateKeeper } from '../../history/vendors/states.ts'
import { keepVendors, type Promised } from '../../history/vendors/promises.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { messageOf, ProbityError } from '../../lib/errors.ts'
import type { Keeping } from '../../lib/io/keeping.ts'
import { watchMemory } from '../../lib/io/memory.ts'
import type { Logger } from '../../lib/logger.ts'

/** Where the history is. */
export interface HistoryPlace {
  /** A PostgreSQL server; without it the database is built in, in the folder. */
  readonly databaseUrl?: string
  readonly folder: string
  readonly retention?: Retention
}

/** The place that the environment and `--storage.path` name. */
export function historyPlace(env: NodeJS.ProcessEnv, storagePath: string): HistoryPlace {
  const { DATABASE_URL: url = '', DATABASE_PASSWORD_FILE: passwordFile = '' } = env
  const folder = join(storagePath, 'history')
  if (url === '') return { folder }
  if (!/^postgres(ql)?:\/\/[^/]/.test(url) || !URL.canParse(url) || isAmbiguous(url)) {
    throw new ProbityError(
      'DATABASE_URL_INVALID',
      'DATABASE_URL is not the URL of a PostgreSQL server: expected postgres://user:password@host:5432/database, with special characters in the password percent-encoded (`@` is %40, `#` %23, `/` %2F, `:` %3A, `?` %3F, `%` %25)',
    )
  }
  return { databaseUrl: passwordFile === '' ? url : withPassword(url, passwordFile), folder }
}

/** The URL with the password that a file contains, which then is in no environment. */
function withPassword(url: string, file: string): string {
  const filled = new URL(url)
  try {
    filled.password = encodeURIComponent(readFileSync(file, 'utf8').trim())
  } catch (cause) {
    throw new ProbityError(
      'DATABASE_PASSWORD_UNREADABLE',
      `cannot read the password of the database, DATABASE_PASSWORD_FILE=${file}: ${messageOf(cause)}`,
      { cause },
    )
  }
  return filled.href
}

/**
 * Whether a character of the password would be read as the end of it, so that a piece of it would be looked up as the host, and
 * logged: `postgres://user:a@b#c@host/`.
 */
function isAmbiguous(url: string): boolean {
  const rest = url.slice(url.indexOf('//') + 2)
  const end = rest.search(/[/?#]/)
  const authority = end < 0 ? rest : rest.slice(0, end)
  const userinfo = authority.slice(0, Math.max(0, authority.lastIndexOf('@')))
  const misplaced = end >= 0 && rest.slice(end).includes('@')
  return misplaced || /[@:].*[@:]/.test(userinfo) || /%(?![0-9a-f]{2})/i.test(userinfo)
}

export interface Recording {
  /** Stores the result of a probe in the background. */
  readonly observe: (observation: Observation) => void
  /** Counts a call, for its minute. */
  readonly observeCall: (received: ReceivedCall) => void
  /** Stores what the vendors of a configuration promise, and joins the past of renamed targets, in the background. */
  readonly configChanged: (config: Pick<Config, 'vendors' | 'targets' | 'listed' | 'callTargets'>) => void
  /** What has changed: deployments, releases, versions of callers. */
  readonly marks: Marks
  /** Stores that a vendor says something else of itself, in the background. */
  readonly vendorSaid: VendorStateKeeper['add']
  /** Stores what a command did, in the background. */
  readonly commandRan: CommandRunKeeper['add']
  /** What is stored, to be read. */
  readonly history: History
  /** The database, where other exporters use it too. */
  readonly sharedSql?: Sql
  /** The medians of other locations, for pages. */
  readonly medians: MedianOf
  /** Stores what other locations report. */
  readonly receive: Receive
  readonly stop: () => Promise<void>
}

export interface RecordingDependencies {
  readonly location: string
  readonly registry: Registry
  readonly keeping: Keeping
  readonly clock: Clock
  readonly log: Logger
}

/** Milliseconds between two looks at whether a minute of calls is over. */
const callsTickMs = 5_000

/** Milliseconds until former names are joined again: checks that were under way at a renaming are stored under the old name. */
const namesTickMs = 60_000

/**
 * Stores the results of probes and the minutes of calls.
 *
 * @throws ProbityError `FOLDER_LOCKED` or `STORAGE_UNWRITABLE`.
 */
export async function startRecording(
  place: HistoryPlace,
  { location, registry, keeping, clock, log }: RecordingDependencies,
): Promise<Recording> {
  const opened: { history?: History } = {}
  const events = historyMetrics(registry, () => opened.history)
  const history = await openHistory({
    ...place,
    events,
    isMemoryShort: watchMemory(log),
    waitingReport: keeping.reader('history/waiting.jsonl'),
    clock,
    log,
  })
  opened.history = history
  const calls = callMinutes({ location, clock, newWriter: randomUUID, add: history.add })
  const vendors = keepVendors({ sql: history.sql, log })
  const marks = openMarks({ sql: history.sql, isOpen: history.isOpen, clock, log })
  const vendorStates = keepVendorStates({ sql: history.sql, log })
  const commandRuns = keepCommandRuns({ sql: history.sql, log })
  const names = keepNames({ sql: history.sql, location, log })
  const medians = keepMedians({ sql: history.sql, isOpen: history.isOpen, location, clock })
  const timer = setInterval(calls.tick, callsTickMs)
  timer.unref()
  let renamed: readonly Renamed[] = []
  const namesTimer = setInterval(() => {
    names.set(renamed)
  }, namesTickMs)
  namesTimer.unref()
  return {
    history,
    ...(place.databaseUrl !== undefined && { sharedSql: history.sql }),
    medians: medians.of,
    receive: createReceiver({
      sql: history.sql,
      ownLocation: location,
      ...(place.retention?.rawDays !== undefined && { rawDays: place.retention.rawDays }),
      received: receiverMetrics(registry),
      clock,
    }),
    observe({ target, result }) {
      // Until its first call, a job is neither up nor down.
      if (!isAwaited(result)) history.add(toRow(target, location, result))
    },
    observeCall({ call, target, outcome }) {
      if (!target || !outcome) return
      const { caller, version, durationSeconds } = call
      const overLimit = isOverLimit(call, target.expect.maxLatency)
      const { name, labels } = target
      marks.called(name, caller, version)
      calls.observe({ target: name, labels, caller, version, durationSeconds, outcome, overLimit })
    },
    marks,
    vendorSaid: vendorStates.add,
    commandRan: commandRuns.add,
    configChanged(config) {
      vendors.set(promised(config))
      renamed = [...listedTargets(config), ...config.callTargets].filter(({ was }) => was !== undefined)
      names.set(renamed)
    },
    async stop() {
      clearInterval(timer)
      clearInterval(namesTimer)
      calls.flush()
      vendors.stop()
      vendorStates.stop()
      names.stop()
      medians.stop()
      await commandRuns.stop()
      await history.stop()
    },
  }
}

/** A vendor that a target names promises nothing where the configuration says nothing of it, whatever it said before. */
function promised(config: Pick<Config, 'vendors' | 'targets' | 'listed' | 'callTargets'>): Promised[] {
  const { vendors } = config
  const named = [...listedTargets(config), ...config.callTargets].flatMap(({ labels }) => labels.vendor ?? [])
  return [...new Set([...named, ...vendors.keys()])].map((name) => vendors.get(name) ?? { name })
}
