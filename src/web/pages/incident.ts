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
  if (!newest || (newest.endedAt ?? at) < at) return undefined
  const { startedAt, endedAt, commands } = newest
  if (!endedAt || !commands) return newest
  // Next to the incidents that followed at once: a command that ran soon after the end may be theirs.
  const to = new Date(endedAt.getTime() + followMs)
  const near = await source.incidents({ target, from: startedAt, to, limit: maxOthers })
  return near.find((one) => one.startedAt.getTime() === startedAt.getTime()) ?? newest
}

/** Milliseconds after the end of an incident in which a command that runs may be about the next one. */
const followMs = 120_000

/** Incidents of others that are named. */
const maxOthers = 50

/** Seconds around the beginning of an incident in which others that begin are named with it. */
const togetherSeconds = 120

/** What else began to fail within two minutes of an incident, and when. */
export async function othersAt(
  source: Pick<StatusSource, 'incidents'>,
  { target, startedAt }: Pick<Incident, 'target' | 'startedAt'>,
): Promise<readonly Incident[]> {
  const at = startedAt.getTime()
  const [from, to] = [-togetherSeconds, togetherSeconds].map((seconds) => new Date(at + seconds * 1000))
  const found = await source.incidents({ ...(from && { from }), ...(to && { to }), limit: maxOthers })
  return found.filter((one) => one.target !== target && (from === undefined || one.startedAt >= from))
}

export interface IncidentPageOptions {
  readonly target: string
  /** Absent: none is known. */
  readonly incident: Incident | undefined
  /** Those of other targets that began at the same time. */
  readonly others: readonly Incident[]
  readonly note: Html
  readonly now: Date
}

/** One incident with its evidence, where a message leads to. */
export function incidentPage({ target, incident, others, note, now }: IncidentPageOptions): Html {
  const list = incident
    ? html`<section class="box">${incidentList({ incidents: [incident], now, linkFrom: '../' })}</section>`
    : html`<p class="note">No incident of that time is stored.</p>`
  return html`<p class="back"><a href="../incidents">All incidents</a></p>
<div class="headline"><h1>Incident of ${target}</h1></div>
${note}
${list}
${others.length === 0 ? '' : html`<section class="box"><header><h2>Began to fail at the same time</h2></header>${incidentList({ incidents: others, now, linkFrom: '../' })}</section>`}
<p><a href="../targets/${encodeURIComponent(target)}">The page of the target</a></p>`
}
