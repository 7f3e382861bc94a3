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
import { reportRoute } from '../../web/api/report.ts'
import { mostBytes } from '../../history/relay/wire.ts'
import type { Recording } from '../recording/recording.ts'
import { senderOf } from '../recording/reporting.ts'
import { reportFrom } from './make.ts'

/** What is answered from the history that this process writes, and what others add to it. */
export function historyRoutes(
  { history, receive, marks }: Recording,
  config: () => Config,
  clock: Clock,
  marksSecretFile: string | undefined,
): Router[] {
  const report = reportRoute({
    async report({ format, ...request }) {
      const made = await reportFrom(() => history.sql, { config: config(), ...request }, clock)
      return { ...made, text: writeReport[format](made) }
    },
  })
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
    report,
    checks,
    resultsRoute({ receive, senderOf, mostBytes }),
    marksRoute(marked),
    ...(marksSecretFile === undefined ? [] : [markHooks(marked, () => readToken(marksSecretFile))]),
  ]
}
