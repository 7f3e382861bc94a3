import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { shareOfMemory, watchMemory } from '../../../src/lib/io/memory.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { waitFor } from '../../support/time/wait-for.ts'

it('memory is short from 85 % on, until it is below 75 %, which the log says once each', () => {
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push((JSON.parse(line) as { msg: string }).msg) }
  let share = 0
  const isShort = watchMemory(createLogger({ destination }), () => share)
  const seen = [0.5, 0.84, 0.86, 0.99, 0.8, 0.76, 0.74, 0.84].map((taken) => {
    share = taken
    return isShort()
  })
  expect(seen).toEqual([false, false, true, true, true, true, false, false])
  expect(lines).toEqual([
    '86 % of the memory is taken: the history waits, so that checks and alerts go on',
    '74 % of the memory is taken: the history goes on',
  ])
})

it('the share is that of what is left after a garbage collection', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const none = shareOfMemory()
  expect(none).toBeGreaterThan(0)
  expect(none).toBeLessThan(0.85)
  // What else this process holds may be a larger share of the machine than a little of the heap.
  const kept: object[][] = []
  await waitFor('a collection is seen', () => {
    if (kept.length < 20) kept.push(Array.from({ length: 500_000 }, (_none, index) => ({ index })))
    collect()
    return shareOfMemory() > none
  })
  expect(kept.length).toBeGreaterThan(0)
})
