import { html, type Html } from '../../../lib/text/html.ts'
import { spanText } from '../../shared/as-text.ts'
import type { Evidence, Incident } from '../../status/status.ts'
import { commandRows } from '../command-rows.ts'
import { icon } from './icons.ts'
import { beganInMaintenance } from './maintenance.ts'
import { targetPath } from './target-row.ts'
import { lasting, moment, until } from './times.ts'
import { admissionText } from '../vendor-says.ts'

export interface IncidentListOptions {
  readonly incidents: readonly Incident[]
  readonly now: Date
  /** From the page to the root, where incidents of several targets link to them. */
  readonly linkFrom?: string
}

/** Incidents with what the first and the last check that failed have said. */
export function incidentList({ incidents, now, linkFrom }: IncidentListOptions): Html {
  return html`<ol class="incidents">${incidents.map((incident) => item(incident, now, linkFrom))}</ol>`
}

function item(incident: Incident, now: Date, linkFrom: string | undefined): Html {
  const {
    target,
    startedAt,
    endedAt,
    durationSeconds,
    firstFailure,
    lastFailure,
    inMaintenance,
    admission,
    after,
  } = incident
  const unwatched = incident.noLongerWatched ? html` <span class="quiet">no longer watched</span>` : ''
  const name =
    linkFrom === undefined ? '' : html`<a href="${linkFrom}${targetPath(target)}"><b>${target}</b></a>`
  const length = endedAt
    ? html`<span class="length">${spanText(durationSeconds)}</span>`
    : html`<span class="length tone-down">${lasting(startedAt, now)} so far</span>`
  const end = endedAt
    ? html`to ${until(startedAt, endedAt, now)}`
    : html`<span class="state down">${icon('down')}ongoing</span>`
  const first = evidence(
    endedAt || isOther(firstFailure, lastFailure) ? 'First failure' : 'Seen',
    firstFailure,
    now,
  )
  const last = isOther(firstFailure, lastFailure) ? evidence('Last failure', lastFailure, now) : ''
  return html`<li data-key="${target} ${startedAt.toISOString()}">
<div class="incident">${name}<span>${moment(startedAt, now)} ${end}${unwatched}</span>${inMaintenance ? beganInMaintenance : ''}${length}</div>
<dl class="evidence">${first}${last}${after ? html`<dt>Change</dt><dd>began ${spanText(after.seconds)} after ${after.title}</dd>` : ''}${admission ? html`<dt>Vendor</dt><dd>${admissionText(admission)}</dd>` : ''}${commandRows(incident, now)}</dl>
</li>
`
}

function isOther(first: Evidence, last: Evidence): boolean {
  return first.reason !== last.reason || first.message !== last.message
}

function evidence(term: string, { at, reason, message }: Evidence, now: Date): Html {
  return html`<dt>${term}</dt><dd><span class="reason">${reason}</span> ${message} <span class="quiet number">${moment(at, now)}</span></dd>`
}
