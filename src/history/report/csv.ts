import { oneLine } from '../../lib/text/text.ts'
import { silencedBy } from './silences.ts'
import type { Report } from './reported.ts'

const columns = [
  'vendor',
  'target',
  'location',
  'started_at',
  'ended_at',
  'down_seconds_in_period',
  'first_reason',
  'first_status',
  'first_message',
  'last_failure_at',
  'last_reason',
  'last_message',
  'began_in_maintenance',
  'no_longer_watched',
  'vendor_admitted_after_seconds',
  'silenced_by',
]

/** The incidents, one per row, as evidence for a spreadsheet: RFC 4180. */
export function reportCsv({ vendors }: Report): string {
  const rows = vendors.flatMap((vendor) =>
    vendor.incidents.map((one) => [
      vendor.vendor,
      one.target,
      one.location,
      one.startedAt.toISOString(),
      one.endedAt?.toISOString() ?? '',
      one.downSeconds.toFixed(3),
      one.reason,
      `${one.status ?? ''}`,
      one.message,
      one.lastFailureAt.toISOString(),
      one.lastReason,
      one.lastMessage,
      one.inMaintenance ? 'yes' : 'no',
      one.noLongerWatched ? 'yes' : 'no',
      one.admission ? (one.admission.afterSeconds?.toFixed(0) ?? 'never') : '',
      silencedBy(one, vendor),
    ]),
  )
  return [columns, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('')
}

/** A spreadsheet takes text that begins with one of these for a formula: https://owasp.org/www-community/attacks/CSV_Injection */
function field(text: string): string {
  const plain = oneLine(text).replace(/^[=+\-@]/, "'$&")
  return /[",]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
