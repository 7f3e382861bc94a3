import { succeeded, type Example } from '../../support/example.ts'

export const example: Example = {
  target: { heartbeat: '1d' },
  result: {
    ...succeeded,
    durationSeconds: 0,
    heartbeat: {
      lastSuccess: 1_800_000_000,
      waitingSince: 1_800_000_000,
      lastCall: 1_800_000_060,
      lastRun: 42.21,
      period: 86_400,
      grace: 3600,
      maxRuntime: 600,
      needsToken: true,
    },
  },
  facts: [
    ['last success', '2027-01-15 08:00:00 UTC'],
    ['last call', '2027-01-15 08:01:00 UTC'],
    ['last run took', '42.2 s'],
    ['expected every', '1d'],
    ['grace', '1h'],
    ['longest run', '10m'],
    ['token', 'required'],
  ],
}
