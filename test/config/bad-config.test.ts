import { describe, expect, it } from '@jest/globals'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { foreignFormats } from '../../src/foreign/index.ts'
import { ConfigError } from '../../src/settings/errors.ts'
import { loadConfig } from '../../src/config/load/load.ts'

const folder = relative(process.cwd(), join(import.meta.dirname, 'fixtures/bad'))
const env = { TOKEN: 'sesame-open-1' }

/** What is said of a configuration, without the folder of the fixtures. */
async function complaint(path: string): Promise<string> {
  const error: unknown = await loadConfig(path, { env, foreign: foreignFormats }).then(
    () => new Error('it was accepted'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof ConfigError)) throw error
  return `${error.message.replaceAll(`${folder}/`, '')}\n`
}

const names = (await readdir(folder)).filter((name) => !name.endsWith('.txt')).sort()

describe('a bad configuration', () => {
  it.each(names)('%s', async (name) => {
    const expected = join(folder, `${name.replace(/\.yml$/, '')}.txt`)
    expect(await complaint(join(folder, name))).toBe(await readFile(expected, 'utf8'))
  })
})
