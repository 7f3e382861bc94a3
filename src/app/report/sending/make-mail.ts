import { z } from 'zod'
import type { Config } from '../../../config/config.ts'
import type { ReportDefinition } from '../../../config/notify/notify.ts'
import { writeReport } from '../../../history/report/formats.ts'
import type { ReportMail } from '../../../history/report/mail/mail.ts'
import type { Period } from '../../../history/report/period.ts'
import { codeOf, ProbityError } from '../../../lib/errors.ts'
import type { Logger } from '../../../lib/logger.ts'
import { cut, oneLine } from '../../../lib/text/text.ts'
import type { Clock } from '../../../lib/time/clock.ts'
import type { HistoryPlace } from '../../recording/recording.ts'
import { makeReport } from '../make.ts'
import { askForReport } from '../running.ts'
import type { StoredReports } from '../stored.ts'
import { parametersOf } from './message.ts'

/**
 * Makes a report of a period that is over.
 *
 * @throws ProbityError `REPORT_REFUSED`, or whatever keeps it from being made now: it may be made later.
 */
export type MakeMail = (
  report: Pick<ReportDefinition, 'matchers' | 'timezone'>,
  period: Pick<Period, 'name'>,
  signal: AbortSignal,
) => Promise<ReportMail>

const mailSchema = z.object({
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  pictures: z.array(z.object({ cid: z.string(), base64: z.string() })),
  report: z.looseObject({ pendingSince: z.string().exactOptional() }),
})

/**
 * Reads what `format=mail` says.
 *
 * @throws ProbityError `REPORT_REFUSED` where it is something else, or is not complete yet.
 */
function readMail(text: string): ReportMail {
  const mail = mailSchema.parse(JSON.parse(text))
  const { pendingSince } = mail.report
  if (pendingSince === undefined) return mail
  throw new ProbityError('REPORT_REFUSED', `results since ${pendingSince} are not added up yet`)
}

/** Makes it from the history of this process; undefined where it has none. */
export function mailOfHistory(stored: StoredReports | undefined): MakeMail {
  return async (report, period) => {
    if (!stored) throw new ProbityError('REPORT_REFUSED', 'there is no history')
    const { time_zone: timeZone, ...others } = parametersOf(report, period)
    return readMail((await stored({ ...others, timeZone, format: 'mail' })).text)
  }
}

export interface ReportsOfPlace {
  readonly place: HistoryPlace
  readonly config: () => Promise<Config>
  readonly clock: Clock
  readonly log: Logger
}

/** Makes it from a database, or asks the process that has it open. */
export function mailOfPlace({ place, config, clock, log }: ReportsOfPlace): MakeMail {
  return async (report, period) => {
    const parameters = parametersOf(report, period)
    const { time_zone: timeZone, ...others } = parameters
    try {
      const made = await makeReport({ place, config: await config(), timeZone, ...others }, { clock, log })
      return readMail(writeReport.mail(made))
    } catch (error) {
      if (codeOf(error) !== 'FOLDER_LOCKED') throw error
      return readMail((await askForReport(place.folder, { ...parameters, format: 'mail' })).text)
    }
  }
}

/** A report of a large history takes a while on a busy machine. */
const timeoutMs = 120_000

export interface ReportsOfExporter {
  readonly url: URL
  /** A token that the exporter wants. Default: it wants none. */
  readonly token?: () => Promise<string>
}

/**
 * Asks an exporter, which has the history and the promises of the vendors.
 *
 * @param exporter Default: nobody said where it is, so no report can be made.
 */
export function mailOfExporter(exporter: ReportsOfExporter | undefined): MakeMail {
  if (!exporter) {
    const message = 'nobody said where the exporter is: set --exporter.url of the notifier'
    return () => Promise.reject(new ProbityError('REPORT_REFUSED', message))
  }
  const { url, token } = exporter
  const base = url.href.replace(/\/+$/, '')
  return async (report, period, signal) => {
    const query = new URLSearchParams({ ...parametersOf(report, period), format: 'mail' })
    const response = await fetch(`${base}/api/v1/report?${query.toString()}`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      redirect: 'error',
      headers: token ? { authorization: `Bearer ${await token()}` } : {},
    })
    const text = await response.text()
    if (response.ok) return readMail(text)
    const said = response.status === 404 ? 'it has no history' : cut(oneLine(text), 300)
    throw new ProbityError('REPORT_REFUSED', `the exporter answered ${response.status}: ${said}`)
  }
}
