import { describe, expect, it } from 'vitest'
import { faultless, judge } from './figures.ts'
import type { Told } from './receivers.ts'

const told = (words: string): Told[] =>
  words.split(' ').map((state) => ({ receiver: 'one', target: 'shop', state }))
const due = told('a b c')

describe('the figures of sequences', () => {
  it('say what was lost', () => {
    expect(judge({ due, taken: told('a c'), inFlight: [] }).faults).toEqual(['lost: one shop b'])
  })

  it('are faultless if all arrives in its order', () => {
    expect(judge({ due, taken: told('a b c'), inFlight: [] })).toEqual({
      due: 3,
      doubledInFlight: 0,
      ...faultless,
      faults: [],
    })
  })

  it.each<[string, string, string[], object]>([
    ['what is lost', 'a c', [], { lost: 1 }],
    ['what is lost at the end', 'a b', [], { lost: 1, wrongAtTheEnd: 1 }],
    ['what is doubled', 'a a a b c', [], { doubledOtherwise: 2 }],
    [
      'what was under way at a kill, once for each',
      'a a a b c',
      ['one shop a'],
      { doubledInFlight: 1, doubledOtherwise: 1 },
    ],
    ['what was never due', 'a b x c', [], { doubledOtherwise: 1 }],
    ['what overtakes', 'b a c', [], { outOfOrder: 1 }],
    ['an old state at the end', 'a b c b', ['one shop b'], { doubledInFlight: 1, wrongAtTheEnd: 1 }],
  ])('count %s', (_what, taken, inFlight, expected) => {
    const rest = { due: 3, doubledInFlight: 0, ...faultless }
    expect(judge({ due, taken: told(taken), inFlight })).toMatchObject({ ...rest, ...expected })
  })
})
