import { describe, expect, it } from 'vitest'
import { partOf } from '../../support/proof.ts'
import { faultless } from './figures.ts'
import { playNotifier } from './notifier-sequences.ts'

/** Sequences that one process plays at the same time. */
const together = partOf(8, 3)
/** Milliseconds. Every kill costs a start, which may take half a minute on a busy machine. */
const patience = 900_000
/** How often the notifier of the first seed is killed. */
const kills = partOf(20, 10)
const seeds = Array.from({ length: partOf(25, 25) }, (_none, index) => index + 1)

/**
 * Alerts that begin and end by chance, while the process is killed by chance and receivers fail by chance. Nothing is lost, and
 * only what was under way at the moment of a kill is doubled.
 */
describe('sequences of alerts', () => {
  it.each(seeds)(
    'arrive through a notifier that is killed again and again (seed %i)',
    async (seed) => {
      const atLeast = seed === 1 ? kills : 1
      const figures = await playNotifier(seed, together, atLeast)
      expect(figures).toMatchObject({ ...faultless, faults: [] })
      expect(figures.due).toBeGreaterThan(0)
      expect(figures.kills).toBeGreaterThanOrEqual(atLeast)
      // Not one of many kills found it idle only by chance.
      if (atLeast > 2) expect(figures.cut).toBeGreaterThan(0)
    },
    patience,
  )
})
