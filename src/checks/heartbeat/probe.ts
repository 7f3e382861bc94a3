import type { HeartbeatCheck } from './schema.ts'
import { systemClock } from '../../lib/time/clock.ts'
import type { Prober } from '../result.ts'

/** The prober of `heartbeat:` targets in a process that takes no calls: it knows nothing about them. */
export const probeElsewhere: Prober<HeartbeatCheck> = (_check, { clock = systemClock }) =>
  Promise.resolve({
    startedAt: new Date(clock.now()),
    durationSeconds: 0,
    success: false,
    failure: {
      reason: 'internal',
      message:
        'a heartbeat cannot be checked from here: only the Probity that the job calls knows, so see its page of the target, or run probity status',
    },
  })
