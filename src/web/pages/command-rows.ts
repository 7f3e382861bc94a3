import { effectText, outcomeText } from '../../lib/command-run/words.ts'
import { html, type Html } from '../../lib/text/html.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import { spanText, tookText } from '../shared/as-text.ts'
import type { ShownRun } from '../status/shown-run.ts'
import type { Incident } from '../status/status.ts'
import { moment } from './parts/times.ts'

/** Runs of an incident that are shown. */
const mostRuns = 10

/** Characters of the output of a run that failed. */
const maxOutput = 300

/** What commands ran in an incident, in their order: terms and descriptions, without the list around them. */
export function commandRows({ commands = [], startedAt }: Incident, now: Date): Html[] {
  const shown = [...commands].slice(0, mostRuns).reverse()
  return shown.map(
    (run) =>
      html`<dt>Command</dt><dd>${runText(run, startedAt)} <span class="quiet number">${moment(new Date(run.startedAt), now)}</span></dd>`,
  )
}

/** ``ran `restart-shop` 40 s after the beginning: exit 0 in 2.1 s; the next 2 checks passed``. */
function runText(run: ShownRun, began: Date): Html {
  const seconds = (Date.parse(run.startedAt) - began.getTime()) / 1000
  const effect = effectText(run)
  const output = run.outcome === 'succeeded' ? '' : cut(oneLine(run.output), maxOutput)
  return html`ran <code>${run.channel}</code> ${spanText(seconds)} after the beginning: ${outcomeText(run)} in ${tookText(run.durationSeconds)}${effect === '' ? '' : `; ${effect}`}${output === '' ? '' : html` <span class="quiet">Output: ${output}</span>`}`
}
