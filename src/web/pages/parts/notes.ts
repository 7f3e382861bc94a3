import { html, type Html } from '../../../lib/text/html.ts'
import type { HistoryState } from '../../status/status.ts'
import { describeNotKept, type NotKept } from '../../../lib/io/keeping.ts'

/** What each state of the history means for what is shown. */
const notes: Readonly<Record<HistoryState, string>> = {
  none: 'Results are not stored here, so only the last check of each target is shown, without a past. Set DATABASE_URL to keep one.',
  starting: 'The history is being opened: bars and charts follow in a moment.',
  ready: '',
  unavailable:
    'The history cannot be read at the moment: what is shown is only what this process has seen. Checks and alerts go on.',
}

/** Says why there is no past, where there is none. */
export function historyNote(state: HistoryState): Html | '' {
  const text = notes[state]
  return text === '' ? '' : html`<p class="note" role="note">${text}</p>`
}

/** Says what cannot be kept, where there is something. */
export function keepingNote(notKept: readonly NotKept[]): Html | '' {
  if (notKept.length === 0) return ''
  return html`<p class="note bad" role="alert">Probity cannot write to its disk. It works on from memory and tells of alerts; after a restart some may be told again, or their end not at all. ${notKept.map(describeNotKept).join('; ')}.</p>`
}
