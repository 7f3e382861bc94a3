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

/** For a page, a ticket or a mail. */
export function reportMarkdown(report: Report): string {
  const notes = [unfinished(report) ?? [], nothing(report)].flat().map((note) => `${note}\n`)
  const parts = [...notes, ...report.vendors.map(vendorSection)]
  return `# ${escaped(title(report))}\n\n${parts.join('\n')}\n${footnote}\n`
}

function vendorSection(report: VendorReport): string {
  return [
    `## ${escaped(vendorName(report))}\n`,
    table(['', ''], summary(report)),
    ...sections(report).flatMap(section),
  ].join('\n')
}

function section({ heading, columns, rows }: Section): string[] {
  return [`### ${heading}\n`, rows.length === 0 ? 'None.\n' : table(columns, rows)]
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |\n`
  return line(columns) + `|${'---|'.repeat(columns.length)}\n` + rows.map(line).join('')
}

/** Messages come from other people's servers: nothing in them may become markup. */
function escaped(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_[\]|#~]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
}
