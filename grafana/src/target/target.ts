import { alertAnnotation, configReloads } from '../annotations.ts'
import { dashboard } from '../frame.ts'
import { theTarget } from '../selectors.ts'
import { location, oneTarget, team, vendor } from '../variables.ts'
import { now } from './now.ts'
import { steps } from './steps.ts'
import { timelineRow } from './timeline.ts'
import { latency } from './latency.ts'
import { failures } from './failures.ts'
import { expectations } from './expectations.ts'
import { limits } from './limits.ts'

/** What one target does, what was expected of it, and why it failed. */
export const target = dashboard({
  uid: 'probity-target',
  title: 'Probity / Target',
  description: 'What one target does, what is expected of it, and why it failed.',
  from: 'now-6h',
  variables: [vendor, team, location, oneTarget],
  annotations: [alertAnnotation('Alerts', theTarget), configReloads],
  rows: [now, timelineRow, latency, failures, expectations, steps, limits],
})
