import { expect, it } from 'vitest'
import { withRepairs } from '../../../src/alerts/evidence/repairs.ts'
import { judged } from '../../../src/lib/command-run/verdict.ts'
import { anAlert } from '../../support/alerts/alerts.ts'
import { aRun } from '../../support/command-runs.ts'

const startsAt = new Date('2026-11-20T12:00:00Z')
const ended = anAlert({ status: 'resolved', startsAt, endsAt: new Date('2026-11-20T12:10:00Z') })
const at = (time: string) => ({ startedAt: `2026-11-20T${time}.000Z` })
const helped = judged(aRun(at('12:03:00')), { before: false, after: [true, true] })

it('the end of an alert says what was run to repair it, and what the next checks saw', () => {
  const failed = judged(aRun({ ...at('12:01:00'), outcome: 'exit', exitCode: 1 }), {
    before: false,
    after: [false],
  })
  const { annotations } = withRepairs(ended, [helped, failed])
  expect(annotations['repair']).toBe(
    'restart-shop ran at 12:01 UTC (exit 1); the next check failed. restart-shop ran at 12:03 UTC (exit 0); the next 2 checks passed',
  )
  const many = [1, 2, 3, 4].map((minute) =>
    judged(aRun(at(`12:0${minute}:00`)), { before: false, after: [] }),
  )
  expect(withRepairs(ended, many).annotations['repair']).toMatch(
    /^restart-shop ran at 12:02 .* at 12:03 .* at 12:04 /,
  )
})

it.each([
  ['another alert', { ...helped, alertname: 'TargetSlow' }],
  ['an earlier one', { ...helped, ...at('11:59:59') }],
  ['a command that notifies', { ...helped, repairs: false }],
  ['what was run at its end', { ...helped, occasion: 'end' as const }],
])('says nothing of %s', (_name, run) => {
  expect(withRepairs(ended, [run])).toBe(ended)
})

it('says nothing while it fires', () => {
  const firing = anAlert({ startsAt })
  expect(withRepairs(firing, [helped])).toBe(firing)
})
