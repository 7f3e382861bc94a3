import { baseOf } from '../../../alerts/evidence/links.ts'
import type { ReportMessage } from '../../../channels/channel.ts'
import { formatMatcher } from '../../../config/notify/matchers.ts'
import type { ReportDefinition } from '../../../config/notify/notify.ts'
import type { Period } from '../../../history/report/period.ts'
import type { ReportMail } from '../../../history/report/mail/mail.ts'
import { html } from '../../../lib/text/html.ts'

/** The parameters of `GET /api/v1/report` that make this report. */
export function parametersOf(
  { matchers, timezone }: Pick<ReportDefinition, 'matchers' | 'timezone'>,
  { name: period }: Pick<Period, 'name'>,
): { readonly period: string; readonly time_zone: string; readonly match?: string } {
  return {
    period,
    time_zone: timezone,
    ...(matchers.length > 0 && { match: matchers.map(formatMatcher).join(',') }),
  }
}

/** What channels send of a report. */
export function messageOf(
  definition: Pick<ReportDefinition, 'name' | 'matchers' | 'timezone'>,
  period: Pick<Period, 'name'>,
  mail: ReportMail,
  externalUrl: URL | undefined,
): ReportMessage {
  const { name } = definition
  const query = new URLSearchParams({ ...parametersOf(definition, period), format: 'html' })
  const url = externalUrl && `${baseOf(externalUrl)}/api/v1/report?${query.toString()}`
  return {
    ...mail,
    id: `${name} ${period.name}`,
    subject: `${name}: ${mail.subject}`,
    html: url === undefined ? mail.html : mail.html.replace('</body>', () => `${linkTo(url)}</body>`),
    ...(url !== undefined && { url }),
  }
}

function linkTo(url: string): string {
  return html`<p style="max-width:600px;margin:12px auto 0;font-size:14px"><a href="${url}">The whole report</a></p>
`.markup
}
