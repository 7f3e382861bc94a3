import { alertAnnotation, configReloads } from '../annotations.ts'
import { dashboard } from '../frame.ts'
import { callTarget } from '../variables.ts'
import { allTargets } from './all.ts'
import { errors } from './errors.ts'
import { latency } from './latency.ts'
import { now } from './now.ts'
import { reported } from './reported.ts'
import { versions } from './versions.ts'
import { witnesses } from './witnesses.ts'
import { theCalls } from './selectors.ts'

/** What the calls of programs say about a target, next to what is expected of it and what its probe says. */
export const calls = dashboard({
  uid: 'probity-calls',
  title: 'Probity / Calls',
  description:
    'What the calls of your programs say about a target, next to what is expected of it and what its probe says.',
  from: 'now-3h',
  variables: [callTarget],
  annotations: [alertAnnotation('Alerts', theCalls), configReloads],
  rows: [now, latency, errors, versions, witnesses, allTargets, reported],
})
