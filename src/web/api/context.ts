import type { StatusSource } from '../source.ts'

/** What the routes work with. */
export interface ApiContext {
  readonly source: StatusSource
  /** Unix time in milliseconds. */
  readonly now: () => number
}
