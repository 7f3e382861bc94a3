import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startProgram } from '../../scripts/stack/process.ts'
import { root } from '../../scripts/stack/shipped-files.ts'
import { tempFolder } from '../support/temp-folder.ts'

it('the service secrets makes passwords once, and writes those that are set', async () => {
  const folder = await tempFolder()
  const [a, b] = [join(folder, 'a'), join(folder, 'b')]
  const run = async (env: Record<string, string>): Promise<string[]> => {
    const program = startProgram(
      'secrets',
      process.execPath,
      [join(root, 'bin/secrets.cjs'), `A=${a}`, `B=${b}`],
      { env },
    )
    expect([await program.exited, program.output()]).toEqual([0, ''])
    return Promise.all([a, b].map((file) => readFile(file, 'utf8')))
  }
  const first = await run({ A: 'my own, with $ and =' })
  expect(first).toEqual(['my own, with $ and =', expect.stringMatching(/^[\w-]{32}$/)])
  expect((await stat(b)).mode & 0o777).toBe(0o640)
  expect(await run({})).toEqual(first)
  expect(await run({ B: 'another' })).toEqual([first[0], 'another'])
})
