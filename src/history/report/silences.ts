import { cut, oneLine } from '../../lib/text/text.ts'
import type { StoredSilence } from '../write/silences.ts'
import type { IncidentReport, VendorReport } from './reported.ts'

/** A table of a vendor's: what was silenced, by whom and why. */
export interface SilenceTable {
  readonly heading: string
  readonly columns: readonly string[]
  readonly rows: readonly string[][]
}

/** Names of targets that a row has; of more, it says how many. */
const mostTargets = 5

/** @param moment How times are written. @returns One table, or none where nothing was silenced. */
export function silenceTables(
  { silences }: Pick<VendorReport, 'silences'>,
  moment: (time: Date) => string,
): SilenceTable[] {
  if (silences.length === 0) return []
  const table = {
    heading: 'Silences and acknowledgements',
    columns: ['what', 'targets', 'from', 'until', 'by', 'why'],
    rows: silences.map((silence) => [
      silence.alertname === undefined ? silence.match : `${silence.alertname}, acknowledged`,
      names(silence),
      moment(silence.startsAt),
      moment(silence.endsAt),
      silence.createdBy,
      silence.comment,
    ]),
  }
  return [table]
}

/** Who had silenced the target of an incident while it lasted, and why: `anna: new disk`. */
export function silencedBy(
  { target, startedAt, endedAt }: Pick<IncidentReport, 'target' | 'startedAt' | 'endedAt'>,
  { silences }: Pick<VendorReport, 'silences'>,
): string {
  return silences
    .filter(
      (one) => one.targets.includes(target) && one.endsAt > startedAt && (!endedAt || one.startsAt < endedAt),
    )
    .map(({ createdBy, comment }) => (comment === '' ? createdBy : `${createdBy}: ${comment}`))
    .join('; ')
}

function names({ targets }: Pick<StoredSilence, 'targets'>): string {
  const shown = targets.slice(0, mostTargets).map((name) => cut(oneLine(name), 100))
  const more = targets.length - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
