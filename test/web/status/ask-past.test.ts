import { afterEach, expect, it, vi } from 'vitest'
import { createLogger } from '../../../src/lib/logger.ts'
import { askPast } from '../../../src/web/status/ask-past.ts'
import type { Past } from '../../../src/web/status/past.ts'

const log = createLogger({ destination: { write: () => undefined } })
const past = { isOpen: () => true } as Past

afterEach(() => {
  vi.useRealTimers()
})

it('waits 2 s for a database that hangs, and not again for each further question', async () => {
  vi.useFakeTimers()
  const { ask } = askPast({ past, log })
  const hung: (() => void)[] = []
  const question = (): Promise<string> =>
    new Promise((resolve) => {
      hung.push(() => {
        resolve('late')
      })
    })
  const answers: unknown[] = []
  const put = (): void => void ask(question).then((answer) => answers.push(answer ?? 'none'))
  put()
  await vi.advanceTimersByTimeAsync(1999)
  expect(answers).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  put()
  await vi.advanceTimersByTimeAsync(250)
  expect(answers).toEqual(['none', 'none'])
  // What is quick is answered all the same.
  expect(await ask(() => Promise.resolve('quick'))).toBe('quick')
  for (const answer of hung) answer()
  await vi.advanceTimersByTimeAsync(0)
  put()
  await vi.advanceTimersByTimeAsync(1999)
  hung.at(-1)?.()
  await vi.advanceTimersByTimeAsync(0)
  expect(answers).toEqual(['none', 'none', 'late'])
})
