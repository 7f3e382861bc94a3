import type { Router } from 'express'
import { findTarget, type Config } from '../../config/config.ts'
import { readChecks } from '../../history/reads/checks.ts'
import { writeReport } from '../../history/report/formats.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { checksRoute } from '../../web/api/checks.ts'
import { markHooks } from '../../web/api/mark-hooks.ts'
import { marksRoute, type MarksContext } from '../../web/api/marks.ts'
import { readToken } from '../../lib/io/token-file.ts'
import { resultsRoute } from '../../web/api/results.ts'
import { reportRoute, type ReportRouteOptions } from '../../web/api/report.ts'
import { mostBytes } from '../../history/relay/wire.ts'
import type { Recording } from '../recording/recording.ts'
import { senderOf } from '../recording/reporting.ts'
import { reportFrom } from './make.ts'

/** Makes reports from the history that this process writes. */
export type StoredReports = ReportRouteOptions['report']

/** What can make reports. */
export interface ReportMaker {
  /** Undefined without a history. */
  readonly report: StoredReports | undefined
}

export function storedReports({ history }: Recording, config: () => Config, clock: Clock): StoredReports {
  return async ({ format, ...request }) => {
    const made = await reportFrom(() => history.sql, { config: config(), ...request }, clock)
    return { ...made, text: writeReport[format](made) }
  }
}

/** What marks are taken with. */
interface MarkOptions {
  readonly config: () => Config
  readonly clock: Clock
  /** The file with the secret of webhooks. Absent: they are refused. */
  readonly marksSecretFile?: string | undefined
}

/** What is answered from the history that this process writes, and what others add to it. */
export function historyRoutes(
  { history, receive, marks }: Recording,
  report: StoredReports,
  { config, clock, marksSecretFile: secretFile }: MarkOptions,
): Router[] {
  const checks = checksRoute({
    checks: (range, most, target) =>
      readChecks(history.sql, range, most, target === undefined ? undefined : [target]),
    now: () => clock.now(),
  })
  const marked: MarksContext = {
    ...marks,
    isTarget: (name) =>
      findTarget(config(), name) !== undefined || config().callTargets.some((one) => one.name === name),
    now: () => clock.now(),
  }
  return [
    reportRoute({ report }),
    checks,
    resultsRoute({ receive, senderOf, mostBytes }),
    marksRoute(marked),
    ...(secretFile === undefined ? [] : [markHooks(marked, () => readToken(secretFile))]),
  ]
}
