import { describe, expect, it } from 'vitest'
import { partOf } from '../../support/proof.ts'
import { faultless } from './figures.ts'
import { playSolo } from './solo-sequences.ts'

/** Sequences that one process plays at the same time. */
const together = partOf(8, 3)
/** Milliseconds. Every kill costs a start, which may take half a minute on a busy machine. */
const patience = 900_000
const seeds = Array.from({ length: partOf(25, 25) }, (_none, index) => index + 1)

/**
 * Alerts that begin and end by chance, while the process is killed by chance and receivers fail by chance. Nothing is lost, and
 * only what was under way at the moment of a kill is doubled.
 */
describe('sequences of alerts', () => {
  it.each(seeds)(
    'arrive from a solo that is killed again and again (seed %i)',
    async (seed) => {
      const figures = await playSolo(seed, together)
      expect(figures).toMatchObject({ ...faultless, faults: [] })
      expect(figures.due).toBeGreaterThan(0)
      expect(figures.kills).toBeGreaterThan(0)
    },
    patience,
  )
})
