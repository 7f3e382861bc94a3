import { existsSync } from 'node:fs'
import { Command, Option } from 'commander'
import { didYouMean } from '../settings/values/closest.ts'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load/load.ts'
import { migrate } from '../history/migrate.ts'
import { openSql, storeWaiting } from '../history/open.ts'
import { reportFormats, writeReport, type ReportFormat } from '../history/report/formats.ts'
import { monthOf, monthPeriod } from '../history/report/period.ts'
import { buildReport, type Report } from '../history/report/report.ts'
import type { Sql } from '../history/sql.ts'
import { rollUp } from '../history/upkeep.ts'
import { systemClock, type Clock } from '../lib/time/clock.ts'
import { codeOf, messageOf, ProbityError } from '../lib/errors.ts'
import { createLogger, type Logger } from '../lib/logger.ts'
import { configFileFlags, remoteAccess, type ConfigFileFlags } from './flags/config-file.ts'
import { flag } from './flags/flags.ts'
import { historyPlace, type HistoryPlace } from '../app/recording.ts'
import { foreignFormats } from '../foreign/index.ts'
import { askForReport } from '../app/report/running.ts'

export interface ReportRequest {
  /** For what vendors promise. */
  readonly config: Pick<Config, 'vendors' | 'targets' | 'callTargets'>
  /** `2026-10`. Default: the month that runs. */
  readonly month?: string
  /** Only this one. */
  readonly vendor?: string
  /** IANA name. Default `UTC`. */
  readonly timeZone?: string
}

/**
 * Makes the report of a month from a database that is open.
 *
 * @param open Called when the request is known to make sense.
 * @param now Unix time in milliseconds.
 * @throws ProbityError `VENDOR_UNKNOWN`, `MONTH_INVALID`, `TIME_ZONE_UNKNOWN`.
 */
export async function reportFrom(
  open: () => Sql | Promise<Sql>,
  { config, month, vendor, timeZone = 'UTC' }: ReportRequest,
  now: number,
): Promise<Report> {
  const period = monthPeriod(month ?? monthOf(now, timeZone), timeZone)
  if (vendor !== undefined) checkVendor(vendor, config)
  const sql = await open()
  await rollUp(sql)
  const { vendors } = config
  return buildReport({ sql, period, timeZone, vendors, now, ...(vendor !== undefined && { vendor }) })
}

/**
 * Makes the report of a month from a database that no other process has open.
 *
 * @throws ProbityError as `reportFrom`, and `HISTORY_MISSING` where nothing was ever stored, `HISTORY_UNREACHABLE` where the
 * server does not answer, `FOLDER_LOCKED` when another process has the folder open.
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
        await migrate(sql).catch((cause: unknown) => {
          throw new ProbityError('HISTORY_UNREACHABLE', `cannot use the database: ${messageOf(cause)}`, {
            cause,
          })
        })
        // What waits for a server is its exporter's to store.
        if (place.databaseUrl === undefined) await storeWaiting(place.folder, sql)
        return sql
      },
      request,
      clock.now(),
    )
  } finally {
    for (const sql of opened) await sql.close()
  }
}

function openPlace(place: HistoryPlace, log: Logger): Promise<Sql> {
  if (place.databaseUrl === undefined && !existsSync(place.folder)) {
    throw new ProbityError(
      'HISTORY_MISSING',
      `there is no history in ${place.folder}: set DATABASE_URL, or --storage.path to the folder in which it is`,
    )
  }
  return openSql({ ...place, log })
}

function checkVendor(vendor: string, { vendors, targets, callTargets }: ReportRequest['config']): void {
  const labelled = [...targets, ...callTargets].flatMap(({ labels }) => labels.vendor ?? [])
  const known = new Set([...vendors.keys(), ...labelled])
  if (known.has(vendor)) return
  const names = known.size === 0 ? 'targets.yml names none' : `there are ${[...known].join(', ')}`
  throw new ProbityError(
    'VENDOR_UNKNOWN',
    `there is no vendor ${JSON.stringify(vendor)}${didYouMean(vendor, known)}: ${names}`,
  )
}

interface Flags extends ConfigFileFlags {
  'storage.path': string
  month?: string
  vendor?: string
  timeZone: string
  format: ReportFormat
}

/** `probity report`. */
export function reportCommand(): Command {
  const command = new Command('report')
    .description(
      'Measures vendors against what they promise, from the history of DATABASE_URL or of a folder.',
    )
    .option('--month <month>', 'such as 2026-10 (default: the month that runs)')
    .option('--vendor <name>', 'only this one (default: all)')
    .option('--time-zone <name>', 'whose months and hours', 'UTC')
    .addOption(
      new Option('--format <format>', 'how it is written; csv: the incidents only')
        .choices(reportFormats)
        .default('text'),
    )
    .addOption(
      flag('--storage.path <folder>', 'where the built-in database is, without DATABASE_URL').default(
        './data',
      ),
    )
  for (const option of configFileFlags()) command.addOption(option)
  return command.action(async (flags: Flags) => {
    process.stdout.write(await runReport(flags))
  })
}

async function runReport(flags: Flags): Promise<string> {
  const { env } = process
  const config = await loadConfig(flags['config.file'], {
    env,
    foreign: foreignFormats,
    remote: remoteAccess(flags, env),
  })
  const { month, vendor, timeZone, format } = flags
  const place = historyPlace(process.env, flags['storage.path'])
  const given = { ...(month !== undefined && { month }), ...(vendor !== undefined && { vendor }) }
  try {
    const dependencies = { clock: systemClock, log: createLogger({ level: 'warn' }) }
    return writeReport[format](await makeReport({ place, config, timeZone, ...given }, dependencies))
  } catch (error) {
    if (codeOf(error) !== 'FOLDER_LOCKED') throw error
    return askForReport(place.folder, { ...given, time_zone: timeZone, format })
  }
}
