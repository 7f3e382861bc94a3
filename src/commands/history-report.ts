import type { Router } from 'express'
import type { Config } from '../config/config.ts'
import { reportFormats, writeReport, type ReportFormat } from '../history/report/formats.ts'
import type { Clock } from '../lib/clock.ts'
import { ProbityError } from '../lib/errors.ts'
import { reportRoute } from '../web/api/report.ts'
import type { Recording } from './history.ts'
import { reportFrom } from './report.ts'

/** `GET /api/v1/report`, of the history that this process writes. */
export function historyReport({ history }: Recording, config: () => Config, clock: Clock): Router {
  return reportRoute({
    async report({ format = 'json', ...request }) {
      if (!isFormat(format))
        throw new ProbityError(
          'FORMAT_UNKNOWN',
          `unknown format ${JSON.stringify(format)}: expected one of ${reportFormats.join(', ')}`,
        )
      const report = await reportFrom(() => history.sql, { config: config(), ...request }, clock.now())
      return { format, text: writeReport[format](report) }
    },
  })
}

function isFormat(text: string): text is ReportFormat {
  return (reportFormats as readonly string[]).includes(text)
}
