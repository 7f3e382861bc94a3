import { html, type Html } from '../../../lib/text/html.ts'
import { moment } from './times.ts'
import type { HistoryState } from '../../status/status.ts'
import {
  describeDamaged,
  describeNotKept,
  type DamagedFile,
  type Keeping,
  type NotKept,
} from '../../../lib/io/keeping.ts'

/** What each state of the history means for what is shown. */
const notes: Readonly<Record<HistoryState, string>> = {
  none: 'Results are not stored here, so only the latest checks of each target are shown. Set DATABASE_URL to keep a history.',
  starting: 'The history is being opened: bars and charts will appear in a moment.',
  ready: '',
  unavailable:
    'The history cannot be read at the moment: this page shows only what this process has seen. Checks and alerts continue.',
}

/** Says why there is no history, if there is none. */
export function historyNote(state: HistoryState): Html | '' {
  const text = notes[state]
  return text === '' ? '' : html`<p class="note" role="note">${text}</p>`
}

/** Says until when the history is complete, where it is not. */
export function pendingNote(since: Date | undefined, now: Date): Html | '' {
  if (!since) return ''
  return html`<p class="note" role="note">The history is added up until ${moment(since, now)}: bars, charts and incidents are without newer results. Checks and alerts continue.</p>`
}

/** What is known of the files of the storage folder. */
export type KeptNotes = Pick<Keeping, 'notKept' | 'damaged'>

/** Says what cannot be kept, and what was lost at the start, where there is something. */
export function keepingNotes(keeping: KeptNotes): Html {
  return html`${notKeptNote(keeping.notKept())}${damagedNote(keeping.damaged())}`
}

function notKeptNote(notKept: readonly NotKept[]): Html | '' {
  if (notKept.length === 0) return ''
  return html`<p class="note bad" role="alert">Probity cannot write to its disk. It continues from memory and still sends alerts; after a restart, some may be sent again, or their end may not be sent at all. ${notKept.map(describeNotKept).join('; ')}.</p>`
}

function damagedNote(damaged: readonly DamagedFile[]): Html | '' {
  if (damaged.length === 0) return ''
  return html`<p class="note bad" role="alert">What Probity had stored is damaged, or was written by a newer version. Checks and alerts continue without it: alerts that were firing may be sent again. ${damaged.map(describeDamaged).join('; ')}.</p>`
}

/** Says that the last run crashed, where it did. */
export function crashNote(at: Date | undefined): Html | '' {
  if (!at) return ''
  return html`<p class="note bad" role="alert">The last run of Probity ended at ${at.toISOString()} because of a bug. Its log says which: please report it.</p>`
}

/** Says that there is no access control, where others can reach this server. */
export function openNote(isOpen: boolean): Html | '' {
  if (!isOpen) return ''
  return html`<p class="note bad" role="note">Everybody who can reach this server may see and use it: it listens beyond this machine, and no users or tokens are configured. See docs/access.md.</p>`
}
