import { html, type Html } from '../../lib/text/html.ts'
import type { ElsewhereStatus } from '../status/location.ts'
import { locationsTable } from './parts/locations.ts'
import { stateBadge } from './parts/states.ts'
import { labelsOf } from './query.ts'

/** All that is known of a target that only other locations watch. */
export function elsewherePage(target: ElsewhereStatus, note: Html | '', now: Date): Html {
  const { name, state, labels, intervalSeconds, locations } = target
  const pairs = labelsOf(labels)
  return html`<p class="back"><a href="../">All targets</a></p>
<div class="headline"><h1>${name}</h1>${stateBadge(state)}</div>
${pairs.length === 0 ? '' : html`<ul class="labels" aria-label="Labels">${pairs.map((pair) => html`<li>${pair}</li>`)}</ul>`}
<p class="note">Watched elsewhere, every ${intervalSeconds} s: the configuration here has no target of this name. What is expected of it, and who is notified, is known there.</p>
${note}
${locationsTable(locations, now)}`
}
