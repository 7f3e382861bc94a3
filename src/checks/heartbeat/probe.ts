import type { HeartbeatCheck } from './schema.ts'
import { systemClock } from '../../lib/time/clock.ts'
import type { Prober } from '../result.ts'

/** The prober of `heartbeat:` targets in a process that takes no calls: it knows nothing about them. */
export const probeElsewhere: Prober<HeartbeatCheck> = ({ name }, { clock = systemClock }) =>
  Promise.resolve({
    startedAt: new Date(clock.now()),
    durationSeconds: 0,
    success: false,
    failure: {
      reason: 'internal',
      message: `only the process that receives the calls knows about them: ask its /probe?target=${encodeURIComponent(name)}`,
    },
  })
