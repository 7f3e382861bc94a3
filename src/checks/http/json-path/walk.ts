import type { Steps } from './steps.ts'
import type { Segment, SingularSegment } from './syntax.ts'

/** A query on its way through a document. */
export interface Walk {
  readonly root: unknown
  readonly steps: Steps
  /** What segments select from a value. Filters have their own queries, which are walked the same way. */
  readonly follow: (from: unknown, segments: readonly (Segment | SingularSegment)[]) => unknown[]
}
