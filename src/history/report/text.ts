import { oneLine } from '../../lib/text/text.ts'
import type { Report, VendorReport } from './reported.ts'
import {
  footnote,
  nothing,
  sections,
  summary,
  title,
  unfinished,
  vendorName,
  type Section,
} from './as-text.ts'

/** For a terminal. */
export function reportText(report: Report): string {
  const notes = [unfinished(report) ?? [], nothing(report)].flat()
  const vendors = report.vendors.map(vendorText)
  return [title(report), ...notes, ...(vendors.length > 0 ? [`${vendors.join('\n')}\n${footnote}`] : []), '']
    .join('\n\n')
    .replace(/\n+$/, '\n')
}

function vendorText(report: VendorReport): string {
  const name = oneLine(vendorName(report))
  return [
    name,
    '='.repeat(name.length),
    ...summary(report).map(([what, value]) => `${what.padEnd(24)}${oneLine(value)}`),
    '',
    ...sections(report).flatMap(table),
  ]
    .map((line) => `${line}\n`)
    .join('')
}

function table({ heading, columns, rows }: Section): string[] {
  if (rows.length === 0) return [`${heading}: none`, '']
  const cells = [columns, ...rows].map((row) => row.map(oneLine))
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()
  return [heading, ...cells.map(line), '']
}
