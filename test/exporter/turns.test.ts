import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Turns } from '../../src/exporter/turns.ts'

it('begins a few pieces of work per turn, in their order', async () => {
  const turns = new Turns()
  const begun: number[] = []
  const perTurn: number[] = []
  for (let piece = 0; piece < 10; piece++) turns.begin(() => begun.push(piece))
  for (let turn = 0; turn < 5; turn++) {
    perTurn.push(begun.length)
    await nextTurn()
  }
  expect(begun).toStrictEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(perTurn).toStrictEqual([4, 8, 10, 10, 10])
})

it('begins at once what comes alone, even after a crowd', async () => {
  const turns = new Turns()
  for (let piece = 0; piece < 9; piece++) turns.begin(() => undefined)
  for (let turn = 0; turn < 4; turn++) await nextTurn()
  let begun = false
  turns.begin(() => {
    begun = true
  })
  expect(begun).toBe(true)
})
