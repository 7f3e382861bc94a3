import { refuseSpans, tracesPath } from '../calls/otlp/route.ts'
import { refuseResults, resultsPath } from '../history/relay/route.ts'
import type { AccessOptions } from '../access/access.ts'

/** How routes answer somebody who may not use them, where that is not a line of text. A route is a row here. */
export const refusals: NonNullable<AccessOptions['refuse']> = {
  [tracesPath]: refuseSpans,
  [resultsPath]: refuseResults,
}
