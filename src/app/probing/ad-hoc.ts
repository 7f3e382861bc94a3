import { maxAdHocTargets } from '../../exporter/ad-hoc.ts'
import { SharedProbes, type Observation } from '../../exporter/shared-probes.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { logObservation } from '../exporter/log.ts'
import type { Probing } from './probing.ts'

export interface AdHocProbesOptions {
  readonly clock: Clock
  readonly run: Probing['probe']
  readonly onObservation: (observation: Observation) => void
  readonly log: Logger
}

/** Probes of URLs that are not configured: they are counted and logged, and leave nothing else behind. */
export function adHocProbes({ clock, run, onObservation, log }: AdHocProbesOptions): SharedProbes {
  return new SharedProbes({
    clock,
    run,
    onObservation(observation) {
      onObservation(observation)
      logObservation(log, observation)
    },
    maxTargets: maxAdHocTargets,
  })
}
