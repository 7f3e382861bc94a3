import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { errorCodes } from '../../src/lib/error-codes.ts'

const source = join(import.meta.dirname, '../../src')
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !name.endsWith('error-codes.ts'),
)

/** What stands in quotes and looks like a code, wherever an error is made or its code is chosen. */
const raised = new Set(
  files.flatMap((name) =>
    [...readFileSync(join(source, name), 'utf8').matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)].map(([, code = '']) => code),
  ),
)

// That no code is raised which the table lacks is what the compiler sees: the code of an error is a key of the table.
it('names no error code that is not raised', () => {
  expect(Object.keys(errorCodes).filter((code) => !raised.has(code))).toEqual([])
})

it('says of each when it comes and what to do, in sentences', () => {
  for (const [code, { when, remedy }] of Object.entries(errorCodes))
    expect([code, when, remedy]).toEqual([code, expect.stringMatching(/^[A-Z`].+\.$/), expect.stringMatching(/.+\.$/)])
})

it('is in the order of the alphabet', () => {
  expect(Object.keys(errorCodes)).toEqual(Object.keys(errorCodes).sort())
})
