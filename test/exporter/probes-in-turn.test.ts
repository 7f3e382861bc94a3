import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { ProbesInTurn } from '../../src/exporter/probes-in-turn.ts'
import { parse } from '../support/parse-config.ts'
import { testClock } from '../support/time/clock.ts'

function shop() {
  const [target] = parse('targets: [{ name: shop, tcp: "127.0.0.1:1" }]').targets
  if (!target) throw new Error('no target')
  return target
}

it('makes a crowd of probes a few at a time', async () => {
  let running = 0
  let most = 0
  const prober = async () => {
    most = Math.max(most, ++running)
    for (let turn = 0; turn < 5; turn++) await nextTurn()
    running--
    return { startedAt: new Date(), durationSeconds: 0, success: true }
  }
  const here = new ProbesInTurn()
  const crowd = Array.from({ length: 400 }, () =>
    here.probe(shop().check, { timeoutSeconds: 60, probers: { tcp: () => Promise.resolve(prober) } }),
  )
  const results = await Promise.all(crowd)
  expect(results.filter(({ success }) => !success)).toEqual([])
  expect(most).toBeLessThan(40)
})

it('refuses a probe that could not begin in time, because nothing was learnt about its target', async () => {
  const clock = testClock()
  const here = new ProbesInTurn()
  const probes = Array.from({ length: 5 }, () => here.probe(shop().check, { timeoutSeconds: 10, clock }))
  clock.advance(2.5)
  await expect(probes[4]).rejects.toThrow('Probity is too busy to begin this probe in time')
})
