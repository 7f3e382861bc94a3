import { describe, expect, it } from 'vitest'
import { fuzz } from '../../../scripts/fuzz/fuzz.ts'
import { createInputs } from '../../../scripts/fuzz/inputs.ts'
import { expectThat, type Parser } from '../../../scripts/fuzz/parser.ts'
import { parsers } from '../../../scripts/fuzz/parsers.ts'

/** `npm run fuzz` makes any number. */
const inputs = 40

describe('every parser', () => {
  it.each(Object.keys(parsers))('%s reads or refuses whatever it is given', async (name) => {
    const parser = await parsers[name]!()
    const { faults, valid } = await fuzz(parser, { seed: 1, goOn: (made) => made < inputs })
    expect(faults.map(({ input, error }) => `${String(error)}: ${input.toString('base64')}`)).toEqual([])
    expect(valid).toBeGreaterThan(inputs / 5)
  })
})

/** Reads a number; what begins with a minus breaks it. */
const numbers: Parser = {
  name: 'numbers',
  seeds: ['1', '22'],
  tokens: ['-'],
  sources: [],
  parse: (input) => {
    const text = input.toString()
    if (text.startsWith('-')) throw new TypeError('cannot read what is below zero')
    expectThat(text.length < 1000, 'too long')
    return /^\d+$/.test(text)
  },
}

describe('the fuzzer', () => {
  it('finds a fault, once, with its input', async () => {
    const { faults, inputs: made, valid } = await fuzz(numbers, { seed: 1, goOn: (count) => count < 2000 })
    expect(made).toBe(2000)
    expect(valid / made).toBeGreaterThan(0.3)
    const [fault] = faults.filter(({ error }) => error instanceof TypeError)
    expect(fault?.input.toString()).toMatch(/^-/)
    expect(faults.filter(({ error }) => error instanceof TypeError)).toHaveLength(1)
  })

  it('makes the same inputs for the same seed', () => {
    const made = (seed: number): string[] => {
      const all = createInputs(numbers, seed)
      return Array.from({ length: 20 }, () => all.next().toString('base64'))
    }
    expect(made(7)).toEqual(made(7))
    expect(made(7)).not.toEqual(made(8))
  })
})
