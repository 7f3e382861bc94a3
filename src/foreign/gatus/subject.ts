import type { Path } from '../../settings/path.ts'
import type { Translation } from '../shared/translation.ts'
import type { Condition } from './condition.ts'

/** What conditions are translated for. */
export interface Subject {
  readonly translation: Translation
  /** The key of the target that says what is checked. */
  readonly kind: string
}

/** A condition, and where it stands. */
export interface Placed {
  readonly condition: Condition
  readonly at: Path
}
