import type { Router } from 'express'
import type { Config } from '../../config/config.ts'
import { readChecks } from '../../history/reads/checks.ts'
import { writeReport } from '../../history/report/formats.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { checksRoute } from '../../web/api/checks.ts'
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

/** What is answered from the history that this process writes, and what others add to it. */
export function historyRoutes(
  { history, receive }: Recording,
  report: StoredReports,
  clock: Clock,
): Router[] {
  const checks = checksRoute({
    checks: (range, most, target) =>
      readChecks(history.sql, range, most, target === undefined ? undefined : [target]),
    now: () => clock.now(),
  })
  return [reportRoute({ report }), checks, resultsRoute({ receive, senderOf, mostBytes })]
}
