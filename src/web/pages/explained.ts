import { html, type Html } from '../../lib/text/html.ts'
import type { Explained, ExplainedRule } from '../status/explained.ts'

/** Why alerts of a target fire or do not. */
export function explainedPage(name: string, all: readonly Explained[], note: Html | ''): Html {
  const nothing = html`<p class="note">No check of the last three days is stored, so there is nothing to explain.</p>`
  return html`<p class="back"><a href="../${encodeURIComponent(name)}">${name}</a></p>
<div class="headline"><h1>Why ${name} alerts, or does not</h1></div>
${note}
${all.length === 0 ? nothing : all.map(location)}`
}

function location({ introduction, rules, footnotes }: Explained): Html {
  return html`<p>${introduction}</p>
${rules.map(ruleBox)}
${footnotes.map((each) => html`<p class="quiet small">${each}</p>`)}
`
}

const tones: Readonly<Record<ExplainedRule['state'], string>> = {
  firing: 'tone-down',
  pending: 'tone-degraded',
  'held back': 'tone-maintenance',
  quiet: '',
}

function ruleBox({ headline, state, ways, notes }: ExplainedRule): Html {
  return html`<section class="box">
<header><h2 class="${tones[state]}">${headline}</h2></header>
${ways.map((way, index) => html`${index === 0 ? '' : html`<p>or</p>`}<dl class="pairs">${way.map(({ holds, text }) => html`<dt>${holds ? 'yes' : 'no'}</dt><dd>${text}</dd>`)}</dl>`)}
${notes.map((each) => html`<p class="small">${each}</p>`)}
</section>
`
}
