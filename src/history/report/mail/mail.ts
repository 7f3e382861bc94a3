import { plural } from '../../../lib/text/text.ts'
import type { Report } from '../reported.ts'
import { reportText } from '../text.ts'
import { charts } from './charts.ts'
import { mailHtml, type Illustrated } from './html.ts'

/** A report in every form in which it is sent. */
export interface ReportMail {
  /** `2026-W44: 3 vendors, 1 below its promise`. */
  readonly subject: string
  readonly text: string
  /** Refers to the pictures by `cid:`. */
  readonly html: string
  readonly pictures: readonly { readonly cid: string; readonly base64: string }[]
  /** The report itself, as `--format json` writes it. */
  readonly report: unknown
}

/** Vendors with pictures; the worst are first. */
const mostIllustrated = 20

/** Makes what is sent of a report. */
export function reportMail(report: Report): ReportMail {
  const illustrated = report.vendors.map((vendor, at): Illustrated => ({
    vendor,
    charts:
      at < mostIllustrated
        ? charts(vendor).map((chart, index) => ({ ...chart, cid: `chart-${at}-${index}@probity` }))
        : [],
  }))
  return {
    subject: subject(report),
    text: reportText(report),
    html: mailHtml(report, illustrated),
    pictures: illustrated.flatMap((one) =>
      one.charts.map(({ cid, png }) => ({ cid, base64: png.toString('base64') })),
    ),
    report: JSON.parse(JSON.stringify(report)),
  }
}

function subject({ period, from, to, vendors }: Report): string {
  const day = (time: Date): string => time.toISOString().slice(0, 10)
  const name = period.includes('/') ? `${day(from)} to ${day(to)}` : period
  const broken = vendors.filter(({ overBudgetSeconds = 0 }) => overBudgetSeconds > 0).length
  const verdict = broken === 0 ? '' : `, ${broken} below ${broken === 1 ? 'its' : 'their'} promise`
  return `${name}: ${plural(vendors.length, 'vendor')}${verdict}`
}
