import { rowToTarget } from './links.ts'
import type { LabelColumn } from './panels/table.ts'

/** The columns that say which target a row is about. */
export const who: LabelColumn[] = [
  { label: 'target', name: 'Target', links: [rowToTarget] },
  { label: 'vendor', name: 'Vendor', width: 130 },
  { label: 'team', name: 'Team', width: 130 },
]
