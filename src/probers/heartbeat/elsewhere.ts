import type { HeartbeatCheck } from '../../config/checks/heartbeat.ts'
import { systemClock } from '../../lib/clock.ts'
import type { Prober } from '../prober.ts'

/** The prober of `heartbeat:` targets in a process that takes no calls: it knows nothing of them. */
export const probeElsewhere: Prober<HeartbeatCheck> = ({ name }, { clock = systemClock }) =>
  Promise.resolve({
    startedAt: new Date(clock.now()),
    durationSeconds: 0,
    success: false,
    failure: {
      reason: 'internal',
      message: `only the process that takes the calls knows of them: ask its /probe?target=${encodeURIComponent(name)}`,
    },
  })
