import { createHeartbeats } from '../../../../src/checks/heartbeat/heartbeats.ts'
import type { HeartbeatEvent } from '../../../../src/checks/heartbeat/state.ts'
import { testClock } from '../../../support/time/clock.ts'
import type { StandIn } from '../../support/try-target.ts'
import type { Rows } from '../../support/try-examples.ts'

const hour = 3600

/** A job that has succeeded, some time ago. */
async function job(
  name: string,
  { at, ago, later, event }: { at: string; ago: number; later: number; event?: HeartbeatEvent },
): Promise<StandIn> {
  const clock = testClock(at)
  const heartbeats = createHeartbeats({ clock })
  await heartbeats.report(name, { type: 'success' })
  clock.advance(ago)
  return {
    places: {},
    probers: { heartbeat: () => Promise.resolve(heartbeats.probe) },
    async fail() {
      if (event) await heartbeats.report(name, event)
      clock.advance(later)
    },
  }
}

export const jobs: Rows = {
  'heartbeat: backup': {
    start: () =>
      job('backup', {
        at: '2026-11-20T02:10:00Z',
        ago: 24 * hour,
        later: 3 * hour,
        event: { type: 'start' },
      }),
    reason: 'timeout',
    message: /^the job began 3h ago and has not reported its end/,
  },
  'heartbeat: billing': {
    start: () =>
      // A Friday, at 3:10 in Berlin, and the Sunday after it; then the Monday, at 3:40.
      job('billing', { at: '2026-11-20T02:10:00Z', ago: 2 * 24 * hour, later: 24.5 * hour }),
    reason: 'timeout',
    message:
      /^no call for 3d.*, expected one at 2026-11-23 03:00 \(0 3 \* \* 1-5 Europe\/Berlin\), at most 30m late$/,
  },
}
