import { describe, expect, it } from 'vitest'
import { createModel, type Told } from '../../../scripts/soak/model.ts'

const intervalMs = 10_000

/** Plays checks, one every 10 s: `x` fails. A message is written as its time in seconds and its status. */
function faults(
  checks: string,
  ...messages: readonly (readonly [at: number, status: Told['status']])[]
): readonly string[] {
  const model = createModel({ alertAfter: 3, surely: 6, intervalMs })
  for (const [index, check] of Array.from(checks).entries())
    model.answered('shop', check === '.', index * intervalMs)
  return model.judge(messages.map(([at, status]) => ({ target: 'shop', status, at: at * 1000 }))).faults
}

describe('the model of alerts', () => {
  it.each<[string, string, [number, Told['status']][]]>([
    ['nothing where nothing fails', '.....', []],
    ['nothing where too little fails', '.xx.x.', []],
    [
      'the beginning and the end',
      '.xxxxxx.',
      [
        [31, 'firing'],
        [71, 'resolved'],
      ],
    ],
    ['no end while it lasts', '.xxxxxx', [[31, 'firing']]],
    [
      'two outages',
      '.xxxxxx.xxxxxx.',
      [
        [31, 'firing'],
        [71, 'resolved'],
        [101, 'firing'],
        [141, 'resolved'],
      ],
    ],
    ['either where a late check may decide', '.xxxx.', []],
    [
      'either where a late check has decided',
      '.xxxx.',
      [
        [41, 'firing'],
        [51, 'resolved'],
      ],
    ],
    [
      'what is told late',
      '.xxxxxx.x.',
      [
        [85, 'firing'],
        [95, 'resolved'],
      ],
    ],
  ])('takes %s', (_what, checks, messages) => {
    expect(faults(checks, ...messages)).toEqual([])
  })

  it.each<[string, string, [number, Told['status']][], string]>([
    ['a beginning that is lost', '.xxxxxx.', [], 'shop: lost the beginning after 6 failures'],
    ['an end that is lost', '.xxxxxx.', [[31, 'firing']], 'shop: lost the end'],
    [
      'an end before its time',
      '.xxxxxx.',
      [
        [31, 'firing'],
        [65, 'resolved'],
      ],
      'shop: reported the end before it',
    ],
    [
      'a beginning before its time',
      '.xxxxxx.',
      [
        [15, 'firing'],
        [71, 'resolved'],
      ],
      'shop: told after 6 failures, expected 3',
    ],
    [
      'what is told of a short outage',
      '.xx....',
      [
        [21, 'firing'],
        [31, 'resolved'],
      ],
      'shop: told after 2 failures, expected 3',
    ],
    [
      'what is told twice',
      '.xxxxxx.',
      [
        [31, 'firing'],
        [71, 'resolved'],
        [72, 'firing'],
      ],
      'shop: told what was not due: firing',
    ],
  ])('notices %s', (_what, checks, messages, fault) => {
    expect(faults(checks, ...messages)).toEqual([fault])
  })
})
