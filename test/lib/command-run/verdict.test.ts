import { describe, expect, it } from 'vitest'
import { checksAfter, isBefore, judged, type CheckThen } from '../../../src/lib/command-run/verdict.ts'
import { effectText, outcomeText, runSentence } from '../../../src/lib/command-run/words.ts'
import { aRun } from '../../support/command-runs.ts'

/** It ends at 12:00:42. */
const run = aRun()
const check = (time: string, success: boolean): CheckThen => ({
  at: Date.parse(`2026-11-20T${time}Z`),
  success,
  durationSeconds: 1,
  intervalSeconds: 30,
})

describe('the checks that judge a run', () => {
  it.each<[string, CheckThen[], boolean[]]>([
    ['none', [], []],
    ['one under way when it ended, which does not count', [check('12:00:41.9', true)], []],
    ['one begun at its end', [check('12:00:42', true)], [true]],
    [
      'the first two of three',
      [check('12:01:00', true), check('12:01:30', false), check('12:02:00', true)],
      [true, false],
    ],
    ['none after a gap', [check('12:01:43', true), check('12:02:13', true)], []],
    ['one before a gap', [check('12:01:42', true), check('12:02:43', true)], [true]],
  ])('are %s', (_name, checks, counted) => {
    expect(checksAfter(run, checks)).toEqual(counted)
  })
})

it.each([
  ['12:00:38', true, true],
  ['12:00:39.5', true, false],
  ['12:00:39.5', false, true],
  ['12:00:40', false, false],
])(
  'a check of a second at %s that succeeded (%s) was before a run at 12:00:40: %s',
  (time, success, before) => {
    expect(isBefore(run, check(time, success))).toBe(before)
  },
)

describe('whether a run helped', () => {
  it.each([
    [{}, false, [true, true], 'helped', 'the next 2 checks passed'],
    [{}, false, [true], 'unknown', 'the next check passed'],
    [{}, false, [], 'unknown', 'no check since'],
    [{}, undefined, [true, true], 'unknown', 'the next 2 checks passed'],
    [{}, false, [false], 'not_helped', 'the next check failed'],
    [{}, false, [true, false], 'not_helped', 'the next check passed, the one after it failed'],
    [{}, true, [true, true], 'already_fine', 'the target had recovered before'],
    [{ outcome: 'exit', exitCode: 3 }, false, [true, true], 'not_helped', 'the next 2 checks passed'],
    [{ outcome: 'timeout' }, false, [], 'not_helped', 'no check since'],
    [{ repairs: false }, false, [true, true], 'unjudged', ''],
    [{ aboutFailure: false }, false, [true, true], 'unjudged', ''],
    [{ occasion: 'end' }, false, [true, true], 'unjudged', ''],
    [{ target: '' }, false, [true, true], 'unjudged', ''],
  ] as const)('%j, failing before: %s, then %j: %s', (fields, before, after, verdict, words) => {
    const found = judged(aRun(fields), { ...(before !== undefined && { before }), after })
    expect(found.verdict).toBe(verdict)
    expect(effectText(found)).toBe(words)
  })
})

it('an outcome is said in a few words', () => {
  expect(outcomeText(aRun())).toBe('exit 0')
  expect(outcomeText(aRun({ outcome: 'exit', exitCode: 3, failure: 'exited with code 3' }))).toBe('exit 3')
  const { exitCode: _, ...cut } = aRun({ outcome: 'signal', failure: 'was killed by SIGKILL' })
  expect(outcomeText(cut)).toBe('was killed by SIGKILL')
  expect(runSentence(judged(run, { before: false, after: [true, true] }))).toBe(
    'restart-shop ran at 12:00 UTC (exit 0); the next 2 checks passed',
  )
  expect(runSentence(judged(aRun({ repairs: false }), { after: [] }))).toBe(
    'restart-shop ran at 12:00 UTC (exit 0)',
  )
})
