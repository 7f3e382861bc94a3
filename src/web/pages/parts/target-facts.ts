import { html, type Html } from '../../../lib/text/html.ts'
import type { TargetDetail } from '../../status/status.ts'
import { labelsOf } from '../query.ts'

/** Below the name of a target: how it is judged, its severity, its labels and its runbook. */
export function targetFacts(
  { severity, labels, runbook }: Pick<TargetDetail, 'severity' | 'labels' | 'runbook'>,
  ...judged: readonly string[]
): Html {
  const pairs = labelsOf(labels)
  return html`<div class="facts">${judged.map((each) => html`<span>${each}</span>`)}<span>severity ${severity}</span>${
    pairs.length === 0
      ? ''
      : html`<ul class="labels" aria-label="Labels">${pairs.map((pair) => html`<li>${pair}</li>`)}</ul>`
  }${runbookLink(runbook)}</div>`
}

/** Only what is a web address becomes a link. */
function runbookLink(runbook: string | undefined): Html | '' {
  if (runbook === undefined) return ''
  return /^https?:\/\//i.test(runbook)
    ? html`<a href="${runbook}" rel="noreferrer">Runbook</a>`
    : html`<span>Runbook: ${runbook}</span>`
}
