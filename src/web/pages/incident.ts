import { html, type Html } from '../../lib/text/html.ts'
import type { Incident, StatusSource } from '../status/status.ts'
import { incidentList } from './parts/incident-list.ts'

/** Which incident a link of a message means: the one that a target had at a moment. */
export interface IncidentId {
  readonly target: string
  readonly at: Date
}

/** Reads `NAME@2026-11-20T12:00:00Z`; undefined if it is something else. */
export function parseIncidentId(id: string): IncidentId | undefined {
  const [, target = '', time = ''] = /^(.+)@(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/s.exec(id) ?? []
  const at = new Date(time)
  return Number.isNaN(at.getTime()) ? undefined : { target, at }
}

/** The incident that lasted then; undefined if none is known. */
export async function incidentAt(
  source: Pick<StatusSource, 'incidents'>,
  { target, at }: IncidentId,
): Promise<Incident | undefined> {
  const [newest] = await source.incidents({ target, to: new Date(at.getTime() + 1000), limit: 1 })
  return newest && (newest.endedAt ?? at) >= at ? newest : undefined
}

/** One incident with its evidence, where a message leads to. */
export function incidentPage(target: string, incident: Incident | undefined, note: Html, now: Date): Html {
  const list = incident
    ? html`<section class="box">${incidentList({ incidents: [incident], now, linkFrom: '../' })}</section>`
    : html`<p class="note">No incident of that time is stored.</p>`
  return html`<p class="back"><a href="../incidents">All incidents</a></p>
<div class="headline"><h1>Incident of ${target}</h1></div>
${note}
${list}
<p><a href="../targets/${encodeURIComponent(target)}">The page of the target</a></p>`
}
