import type { StatusSource } from '../status/status.ts'

/** What the routes work with. */
export interface ApiContext {
  readonly source: StatusSource
  /** Unix time in milliseconds. */
  readonly now: () => number
}
