import type { SourceStatus } from '../../../config/discovery/discovering.ts'
import { describeSkipped } from '../../../config/discovery/words.ts'
import { html, type Html } from '../../../lib/text/html.ts'
import { moment } from './times.ts'

/** Says which sources of targets cannot be used, and what of the others is skipped, where there is something. */
export function sourceNotes(sources: readonly SourceStatus[], now: Date): Html {
  return html`${sources.map((status) => html`${failureNote(status, now)}${skippedNote(status)}`)}`
}

function failureNote({ source, problem, lastSuccess }: SourceStatus, now: Date): Html | '' {
  if (problem === undefined) return ''
  const until = lastSuccess
    ? html`are those that it listed ${moment(lastSuccess, now)}`
    : html`are missing, because it has never answered`
  return html`<p class="note bad" role="alert">The targets of ${source.name} ${until}: ${problem}.</p>`
}

function skippedNote(status: SourceStatus): Html | '' {
  if (status.skipped === 0) return ''
  return html`<p class="note" role="note">${describeSkipped(status)}.</p>`
}
