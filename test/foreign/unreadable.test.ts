import { expect, it } from 'vitest'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { foreignPrograms } from '../../src/foreign/index.ts'
import { tempFolder } from '../support/temp-folder.ts'

const importers = await Promise.all(foreignPrograms.map(async ({ importer }) => importer()))

it.each(importers)('import $name says that a file is not there', async ({ read }) => {
  const path = await tempFolder()
  await expect(read(join(path, 'gone'), {})).rejects.toThrow(/gone:? cannot be read: no such file$/)
})

it.each(importers)('import $name does not wait for the writer of a named pipe', async ({ read }) => {
  const path = await tempFolder()
  const pipe = join(path, 'pipe')
  execFileSync('mkfifo', [pipe])
  await expect(read(pipe, {})).rejects.toThrow(/pipe:? cannot be read: it is not a regular file$/)
})
