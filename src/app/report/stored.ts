import type { Router } from 'express'
import type { Config } from '../../config/config.ts'
import { writeReport } from '../../history/report/formats.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { reportRoute } from '../../web/api/report.ts'
import type { Recording } from '../recording.ts'
import { reportFrom } from './make.ts'

/** `GET /api/v1/report`, of the history that this process writes. */
export function historyReport({ history }: Recording, config: () => Config, clock: Clock): Router {
  return reportRoute({
    async report({ format, ...request }) {
      const report = await reportFrom(() => history.sql, { config: config(), ...request }, clock)
      return { ...report, text: writeReport[format](report) }
    },
  })
}
