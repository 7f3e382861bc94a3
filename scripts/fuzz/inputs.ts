import fc from 'fast-check'
import { seeded } from '../simulate/random.ts'
import { mutate, oneOf, vary } from './mutate.ts'
import type { Parser } from './parser.ts'

/** Makes the inputs of a parser: always the same ones for the same seed and the same answers. */
export interface Inputs {
  readonly next: () => Buffer
  /** Must be called with how each input was found. */
  readonly was: (input: Buffer, valid: boolean) => void
}

/** Valid inputs that are remembered, to be changed further. */
const maxPool = 400
const samplesAtOnce = 40
/** Below this share of valid inputs, milder changes are made: what is refused at its first character tests nothing. */
const wantedShare = 0.45

export function createInputs({ seeds, grammar, tokens }: Parser, seed: number): Inputs {
  const random = seeded(seed)
  const pool: Buffer[] = seeds.map((text) => Buffer.from(text))
  const samples: Buffer[] = []
  let made = 0
  let valid = 0
  let batches = 0

  function sample(): Buffer {
    if (!grammar) return oneOf(random, pool)
    if (samples.length === 0)
      samples.push(
        ...fc
          .sample(grammar, { numRuns: samplesAtOnce, seed: seed * 1_000_003 + batches++ })
          .map((text) => Buffer.from(text)),
      )
    return samples.pop()!
  }

  return {
    next() {
      const isMild = valid < wantedShare * made ? random() < 0.8 : random() < 0.2
      if (isMild && grammar && random() < 0.7) return sample()
      const from = random() < 0.5 ? sample() : oneOf(random, pool)
      return isMild ? vary(from, random) : mutate(from, random, tokens, pool)
    },
    was(input, isValid) {
      made++
      if (!isValid) return
      valid++
      if (random() > 0.1) return
      if (pool.length < maxPool) pool.push(input)
      else pool[seeds.length + Math.floor(random() * (maxPool - seeds.length))] = input
    },
  }
}
