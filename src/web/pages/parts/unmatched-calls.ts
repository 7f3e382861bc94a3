import { html, type Html } from '../../../lib/text/html.ts'
import { plural } from '../../../lib/text/text.ts'

/** What programs call and no target has asked for, the most frequent first. Nothing where there is none. */
export function unmatchedCalls(counts: ReadonlyMap<string, number>): Html {
  if (counts.size === 0) return html``
  const rows = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, calls]) => html`<dt>${name}</dt><dd>${plural(calls, 'call')}</dd>`)
  return html`<section class="box" aria-labelledby="unmatched">
<header><h2 id="unmatched">Calls without a target</h2></header>
<p class="quiet">Programs report these names, and the <code>calls</code> of no target match them. They are counted and not judged.</p>
<dl class="names">${rows}</dl>
</section>`
}
