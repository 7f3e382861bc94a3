import { randomUUID } from 'node:crypto'
import type { CommandRun } from '../../src/lib/command-run/run.ts'

/** A run that succeeded in 2 s, to repair the target `a`, 40 s after its alert began. */
export function aRun(fields: Partial<CommandRun> = {}): CommandRun {
  return {
    id: randomUUID(),
    channel: 'restart-shop',
    alertname: 'TargetDown',
    target: 'a',
    location: 'here',
    vendor: 'v',
    fingerprint: 'f1',
    alertStartedAt: '2026-11-20T12:00:00.000Z',
    occasion: 'beginning',
    repairs: true,
    aboutFailure: true,
    startedAt: '2026-11-20T12:00:40.000Z',
    durationSeconds: 2,
    outcome: 'succeeded',
    exitCode: 0,
    output: 'done',
    ...fields,
  }
}
