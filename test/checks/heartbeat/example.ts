import { succeeded, type Example } from '../../support/example.ts'

export const example: Example = {
  target: { heartbeat: '1d' },
  result: {
    ...succeeded,
    durationSeconds: 0,
    heartbeat: { lastSuccess: 1_800_000_000, waitingSince: 1_800_000_000, period: 86_400 },
  },
  facts: [['last success', '2027-01-15T08:00:00.000Z']],
}
