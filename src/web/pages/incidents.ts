import { html, type Html } from '../../lib/text/html.ts'
import type { Incident } from '../status/status.ts'
import { incidentList } from './parts/incident-list.ts'

export interface IncidentsPageOptions {
  /** The newest first. */
  readonly incidents: readonly Incident[]
  /** How many were asked for: there may be more. */
  readonly limit: number
  /** Of which target alone. */
  readonly target: string
  readonly note: Html | ''
  readonly now: Date
}

/** What went wrong lately, with its evidence: what lasts, then month by month. */
export function incidentsPage({ incidents, limit, target, note, now }: IncidentsPageOptions): Html {
  const open = incidents.filter(({ endedAt }) => !endedAt)
  const past = incidents.filter(({ endedAt }) => endedAt)
  const months = [...new Set(past.map(monthOf))].map((month) =>
    box(
      monthText(month),
      month,
      past.filter((incident) => monthOf(incident) === month),
      now,
    ),
  )
  const more =
    incidents.length < limit
      ? ''
      : html`<p class="quiet more">These are the newest ${limit}. Older ones are on the page of each target and in <code>probity report</code>.</p>`
  return html`<div class="headline"><h1>${headingOf(open.length, target)}</h1></div>
${target === '' ? '' : html`<p><a href="incidents">All targets</a></p>`}
${note}
${open.length === 0 ? '' : box('Ongoing', 'ongoing', open, now)}
${months}
${incidents.length === 0 ? html`<p class="note">No incident in the last 90 days.</p>` : ''}
${more}`
}

/** `2026-11`. */
function monthOf({ startedAt }: Incident): string {
  return startedAt.toISOString().slice(0, 7)
}

function monthText(month: string): string {
  const format = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' })
  return format.format(new Date(`${month}-01T00:00:00Z`))
}

function headingOf(open: number, target: string): string {
  const what = open === 0 ? 'No incident now' : open === 1 ? 'One incident now' : `${open} incidents now`
  return target === '' ? what : `${what}: ${target}`
}

function box(heading: string, key: string, incidents: readonly Incident[], now: Date): Html {
  return html`<section class="box" data-key="${key}"><header><h2>${heading}</h2></header>${incidentList({ incidents, now, linkFrom: '' })}</section>`
}
