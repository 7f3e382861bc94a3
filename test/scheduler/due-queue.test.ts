import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { DueQueue, type Due } from '../../src/scheduler/due-queue.ts'

describe('DueQueue', () => {
  it('is empty at first', () => {
    const queue = new DueQueue<Due>()
    expect([queue.size, queue.peek(), queue.pop()]).toEqual([0, undefined, undefined])
  })

  it('gives what is due first, whatever the order in which things came and went', () => {
    const step = fc.oneof(
      fc.record({ push: fc.integer({ min: -1000, max: 1000 }) }),
      fc.constant('pop' as const),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const queue = new DueQueue<Due>()
        const expected: number[] = []
        for (const one of steps) {
          if (one === 'pop') {
            expect(queue.peek()?.at).toBe(expected[0])
            expect(queue.pop()?.at).toBe(expected.shift())
          } else {
            queue.push({ at: one.push })
            expected.push(one.push)
            expected.sort((a, b) => a - b)
          }
          expect(queue.size).toBe(expected.length)
        }
        while (queue.size > 0) expect(queue.pop()?.at).toBe(expected.shift())
      }),
    )
  })
})
