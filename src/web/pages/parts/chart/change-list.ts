import { html, type Html } from '../../../../lib/text/html.ts'
import type { Mark } from '../../../status/marks.ts'
import { moment } from '../times.ts'

/** Changes that are listed. */
const most = 10

/** What has changed, the newest first; nothing where nothing has. */
export function changeList(marks: readonly Mark[], now: Date): Html | '' {
  if (marks.length === 0) return ''
  const items = marks.slice(0, most).map(({ at, title, url }) => {
    const name = url === undefined ? html`${title}` : html`<a href="${url}" rel="noreferrer">${title}</a>`
    return html`<li>${name} <span class="quiet number">${moment(at, now)}</span></li>`
  })
  return html`<p class="small">Changes</p><ul class="small">${items}</ul>
`
}
