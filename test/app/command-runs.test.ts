import { expect, it } from 'vitest'
import { createCommandRuns } from '../../src/app/status/command-runs.ts'
import type { Sql } from '../../src/history/sql.ts'
import type { CommandRun } from '../../src/lib/command-run/run.ts'
import type { CheckThen } from '../../src/lib/command-run/verdict.ts'
import { aRun } from '../support/command-runs.ts'
import { aResult, aTarget } from '../support/target.ts'

const log = { debug: () => undefined }
/** A database that is away: nothing else of it is asked. */
const sql = { query: () => Promise.reject(new Error('away')) } as unknown as Sql
const targetOf = (name: string) =>
  ['a', 'former'].includes(name) ? { name: 'a', secrets: ['hunter2'] } : undefined
const target = aTarget({ name: 'a', interval: 30 })
const asked = { targets: ['a'], from: new Date('2026-11-20T12:00:00Z'), to: new Date('2026-11-20T13:00:00Z') }
const at = (time: string): Date => new Date(`2026-11-20T${time}Z`)
const check = (time: string, success: boolean): CheckThen => ({
  at: at(time).getTime(),
  success,
  durationSeconds: 1,
  intervalSeconds: 30,
})

it('a run that is reported late is judged by the checks that were made meanwhile, and by those that follow', async () => {
  const checks = [check('12:00:30', false), check('12:00:41', false), check('12:01:00', true)]
  const runs = createCommandRuns({ location: 'here', targetOf, checks: () => checks, log })
  runs.ran(aRun())
  expect(await runs.of(asked)).toMatchObject([{ verdict: 'unknown', checksAfter: [true] }])
  runs.observe(aTarget({ name: 'b', interval: 30 }), aResult({ startedAt: at('12:01:29') }))
  runs.observe(target, aResult({ startedAt: at('12:01:30') }))
  expect(await runs.of(asked)).toMatchObject([{ verdict: 'helped', checksAfter: [true, true] }])
  expect(runs.heard('a')).toHaveLength(1)
  expect(await runs.of({ ...asked, targets: ['b'] })).toEqual([])
  expect(await runs.of({ ...asked, from: at('12:00:41') })).toEqual([])
})

it('a run for a target that was renamed meanwhile is judged, and stored under its present name', () => {
  const added: CommandRun[] = []
  const stored = { sql, isOpen: () => true, add: (run: CommandRun) => added.push(run) }
  const runs = createCommandRuns({
    location: 'here',
    targetOf,
    checks: () => [check('12:00:30', false)],
    stored,
    log,
  })
  runs.ran(aRun({ target: 'former' }))
  runs.observe(target, aResult({ startedAt: at('12:01:00') }))
  runs.observe(target, aResult({ startedAt: at('12:01:30') }))
  expect(runs.heard('a')).toMatchObject([{ target: 'a', verdict: 'helped' }])
  expect(added).toMatchObject([{ target: 'a' }])
})

it('a run for the alert of another place is not judged by the checks of this one', async () => {
  const runs = createCommandRuns({
    location: 'here',
    targetOf,
    checks: () => [check('12:00:30', false)],
    log,
  })
  runs.ran(aRun({ location: 'elsewhere' }))
  runs.observe(target, aResult({ startedAt: at('12:01:00') }))
  expect(await runs.of(asked)).toMatchObject([{ verdict: 'unknown', checksAfter: [] }])
})

it('the newest 1,000 runs are remembered, each once, and stored', async () => {
  const added: CommandRun[] = []
  const stored = { sql, isOpen: () => true, add: (run: CommandRun) => added.push(run) }
  const runs = createCommandRuns({ location: 'here', targetOf, checks: () => [], stored, log })
  const first = aRun({
    startedAt: '2026-11-20T12:00:01.000Z',
    output: 'it answered hunter2',
    failure: 'no hunter2',
  })
  runs.ran(first)
  runs.ran(first)
  expect(await runs.of(asked)).toHaveLength(1)
  for (let index = 0; index < 1000; index++) runs.ran(aRun())
  const known = await runs.of(asked)
  expect(known).toHaveLength(1000)
  expect(known.some(({ id }) => id === first.id)).toBe(false)
  expect(added).toHaveLength(1002)
  expect(added[0]).toEqual({ ...first, output: 'it answered <secret>', failure: 'no <secret>' })
})
