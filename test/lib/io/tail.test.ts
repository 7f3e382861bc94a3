import { describe, expect, it } from 'vitest'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { tailLines } from '../../../src/lib/io/tail.ts'
import { tempFolder } from '../../support/temp-folder.ts'

describe('tailLines', () => {
  it('finds no lines in a file that is missing', async () => {
    const path = join(await tempFolder(), 'missing')
    await expect(tailLines(path, 100)).resolves.toEqual({ lines: [], bytes: 0 })
  })

  it('counts a last line without its line end', async () => {
    const path = join(await tempFolder(), 'lines')
    await writeFile(path, 'one\n\ntwo')
    await expect(tailLines(path, 100)).resolves.toEqual({ lines: ['one', 'two'], bytes: 8 })
  })

  it('leaves out the line that begins before what is read', async () => {
    const path = join(await tempFolder(), 'lines')
    await writeFile(path, 'first\nsecond\nthird\n')
    await expect(tailLines(path, 10)).resolves.toEqual({ lines: ['third'], bytes: 10 })
  })

  it('reads whole lines from the end and nothing else, whatever the limit cuts through', async () => {
    const path = join(await tempFolder(), 'lines')
    const line = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/[\n\r]/.test(text))
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.nat(400), async (written, maxBytes) => {
        await writeFile(path, written.map((text) => `${text}\n`).join(''))
        const { lines, bytes } = await tailLines(path, maxBytes)
        expect(bytes).toBeLessThanOrEqual(maxBytes)
        expect(lines).toEqual(written.slice(written.length - lines.length))
        expect(Buffer.byteLength(lines.join('\n'))).toBeLessThanOrEqual(maxBytes)
      }),
      { numRuns: 100 },
    )
  })
})
