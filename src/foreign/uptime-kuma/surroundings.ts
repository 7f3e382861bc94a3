import type { Fields } from '../shared/fields.ts'
import type { Names } from '../shared/render.ts'

/** What else is in the backup. */
export interface Surroundings {
  /** Names by id. */
  readonly monitors: ReadonlyMap<string, string>
  readonly notifications: ReadonlyMap<string, string>
  readonly proxies: ReadonlyMap<string, Fields>
  readonly names: Names
}
