import { reportCsv } from './csv.ts'
import { reportHtml } from './html.ts'
import { reportMail } from './mail/mail.ts'
import { reportMarkdown } from './markdown.ts'
import type { Report } from './reported.ts'
import { reportText } from './text.ts'

export const reportFormats = ['text', 'md', 'csv', 'json', 'html', 'mail'] as const
export type ReportFormat = (typeof reportFormats)[number]

/** How a report is written down; a new way is a row here. */
export const writeReport: Readonly<Record<ReportFormat, (report: Report) => string>> = {
  text: reportText,
  md: reportMarkdown,
  csv: reportCsv,
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
  html: reportHtml,
  mail: (report) => `${JSON.stringify(reportMail(report))}\n`,
}
