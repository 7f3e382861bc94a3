import { expect, it } from 'vitest'
import { judged, type JudgedRun } from '../../../src/lib/command-run/verdict.ts'
import { latestCommands, withCommands, type RunsAsked } from '../../../src/web/status/command-runs.ts'
import type { Incident } from '../../../src/web/status/status.ts'
import { aRun } from '../../support/command-runs.ts'

const at = (time: string): Date => new Date(`2026-11-20T${time}Z`)
const failure = { at: at('12:00:00'), reason: 'status', message: '' }

const incident = (target: string, from: string, to?: string): Incident => ({
  target,
  startedAt: at(from),
  ...(to !== undefined && { endedAt: at(to) }),
  durationSeconds: 60,
  firstFailure: failure,
  lastFailure: failure,
})

const run = (alertStartedAt: string, fields: Parameters<typeof aRun>[0] = {}): JudgedRun =>
  judged(aRun({ alertStartedAt: at(alertStartedAt).toISOString(), channel: alertStartedAt, ...fields }), {
    after: [],
  })

/** The commands of each incident. */
async function commandsOf(incidents: readonly Incident[], runs: readonly JudgedRun[], asked?: RunsAsked[]) {
  const targetOf = (name: string) => (name === 'a' ? { name, was: ['old'], secrets: ['hunter2'] } : undefined)
  const found = await withCommands(
    incidents,
    targetOf,
    (range) => {
      asked?.push(range)
      return Promise.resolve(runs)
    },
    at('14:00:00').getTime(),
  )
  return found.map(({ commands = [] }) => commands.map(({ channel, output }) => `${channel} ${output}`))
}

it('a run belongs to the incident in which its alert began', async () => {
  const asked: RunsAsked[] = []
  const runs = [
    run('13:00:30'),
    run('12:11:01'),
    run('12:10:59', { target: 'old', output: 'password hunter2' }),
    run('12:00:05', { target: 'b' }),
    run('11:59:59.5'),
    run('11:59:58'),
  ]
  const incidents = [
    incident('a', '13:00:00'),
    incident('a', '12:00:00', '12:10:00'),
    incident('b', '12:00:00', '12:01:00'),
  ]
  expect(await commandsOf(incidents, runs, asked)).toEqual([
    ['13:00:30 done'],
    ['12:10:59 password <secret>', '11:59:59.5 done'],
    ['12:00:05 done'],
  ])
  expect(asked).toEqual([{ targets: ['a', 'old', 'b'], from: at('12:00:00'), to: at('15:00:00') }])
  expect(await commandsOf([], runs, asked)).toEqual([])
  expect(asked).toHaveLength(1)
})

it('a run for a target that flaps belongs to one incident', async () => {
  const incidents = [incident('a', '12:00:30', '12:00:50'), incident('a', '12:00:00', '12:00:20')]
  const runs = [run('12:00:51'), run('12:00:31'), run('12:00:21'), run('12:00:01')]
  expect(await commandsOf(incidents, runs)).toEqual([
    ['12:00:51 done', '12:00:31 done'],
    ['12:00:21 done', '12:00:01 done'],
  ])
})

it('a target has the newest 20 runs of the last 90 days', async () => {
  const runs = Array.from({ length: 25 }, (_, index) => run('12:00:00', { channel: `${index}` }))
  const asked: RunsAsked[] = []
  const found = await latestCommands(
    { name: 'a' },
    (range) => {
      asked.push(range)
      return Promise.resolve(runs)
    },
    at('12:00:00').getTime(),
  )
  expect(found.commands?.map(({ channel }) => channel)).toEqual(
    Array.from({ length: 20 }, (_, index) => `${index}`),
  )
  expect(asked).toEqual([{ targets: ['a'], from: new Date('2026-08-22T12:00:00Z'), to: at('12:01:00') }])
  expect(await latestCommands({ name: 'a' }, () => Promise.resolve([]), 0)).toEqual({})
  expect(await latestCommands({ name: 'a' }, undefined, 0)).toEqual({})
})
