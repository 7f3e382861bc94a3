import { parseMatchers } from '../../config/notify/matchers.ts'
import { seen, ValueError } from '../../settings/values/value.ts'
import { didYouMean } from '../../settings/values/closest.ts'
import { listedTargets, type Config } from '../../config/config.ts'
import { monthOf, monthPeriod, namedPeriod } from '../../history/report/period.ts'
import { buildReport } from '../../history/report/report.ts'
import type { Report } from '../../history/report/reported.ts'
import type { Sql } from '../../history/sql.ts'
import { bringUpToDate } from '../../history/up-to-date.ts'
import { type Clock } from '../../lib/time/clock.ts'
import { ProbityError } from '../../lib/errors.ts'
import { type Logger } from '../../lib/logger.ts'
import { type HistoryPlace } from '../recording/recording.ts'
import { openPlace } from './open-place.ts'

export interface ReportRequest {
  /** For what vendors promise. */
  readonly config: Pick<Config, 'vendors' | 'targets' | 'listed' | 'callTargets'>
  /** `2026-10`. Default: the month that runs. */
  readonly month?: string
  /** Instead of a month, such as `2026-W44`. */
  readonly period?: string
  /** Only targets with these labels, as Alertmanager writes matchers: `team="shop",target=~"api-.*"`. Default: all. */
  readonly match?: string
  /** Only this one. */
  readonly vendor?: string
  /** IANA name. Default `UTC`. */
  readonly timeZone?: string
  /** Milliseconds to wait for results to be added up. Default 30 s. */
  readonly patienceMs?: number
}

/**
 * Makes the report of a month, or another period, from a database that is open. It waits for results to be added up, but not for long: the report
 * says what is not.
 *
 * @param open Called when the request is known to make sense.
 * @throws ProbityError `VENDOR_UNKNOWN`, `MONTH_INVALID`, `PERIOD_INVALID`, `MATCH_INVALID`, `TIME_ZONE_UNKNOWN`.
 */
export async function reportFrom(
  open: () => Sql | Promise<Sql>,
  { config, month, period: name, match, vendor, timeZone = 'UTC', patienceMs }: ReportRequest,
  clock: Clock,
): Promise<Report> {
  const now = clock.now()
  const period =
    name === undefined ? monthPeriod(month ?? monthOf(now, timeZone), timeZone) : namedPeriod(name, timeZone)
  const matchers = match === undefined ? [] : readMatch(match)
  if (vendor !== undefined) checkVendor(vendor, config)
  const sql = await open()
  const pending = await bringUpToDate(sql, { clock, ...(patienceMs !== undefined && { patienceMs }) })
  const { vendors } = config
  return buildReport({
    sql,
    period,
    timeZone,
    vendors,
    now,
    ...(vendor !== undefined && { vendor }),
    covers: (labels) => matchers.every(({ matches }) => matches(labels)),
    ...(pending && { pendingSince: pending.since }),
  })
}

/**
 * Makes the report of a month from a database that no other process has open.
 *
 * @throws ProbityError as `reportFrom` and `openPlace`.
 */
export async function makeReport(
  { place, ...request }: ReportRequest & { readonly place: HistoryPlace },
  { clock, log }: { clock: Clock; log: Logger },
): Promise<Report> {
  const opened: Sql[] = []
  try {
    return await reportFrom(
      async () => {
        const sql = await openPlace(place, log)
        opened.push(sql)
        return sql
      },
      request,
      clock,
    )
  } finally {
    for (const sql of opened) await sql.close()
  }
}

function readMatch(text: string): ReturnType<typeof parseMatchers> {
  try {
    return parseMatchers(text)
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    throw new ProbityError('MATCH_INVALID', error.message.replaceAll(seen, JSON.stringify(text)), {
      cause: error,
    })
  }
}

function checkVendor(vendor: string, config: ReportRequest['config']): void {
  const all = [...listedTargets(config), ...config.callTargets]
  const known = new Set([...config.vendors.keys(), ...all.flatMap(({ labels }) => labels.vendor ?? [])])
  if (known.has(vendor)) return
  const names = known.size === 0 ? 'targets.yml names none' : `there are ${[...known].join(', ')}`
  throw new ProbityError(
    'VENDOR_UNKNOWN',
    `there is no vendor ${JSON.stringify(vendor)}${didYouMean(vendor, known)}: ${names}`,
  )
}
