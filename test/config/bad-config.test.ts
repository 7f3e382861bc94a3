import { describe, expect, it } from 'vitest'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from '../../src/settings/errors.ts'
import { loadConfig } from '../../src/config/load/load.ts'
import { foreignFormats } from '../../src/foreign/index.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { badCases, writeBadCase, type BadCase } from './bad-cases.ts'

const folder = await tempFolder()
const env = { TOKEN: 'sesame-open-1' }

/** What is said of a configuration, without the folder that it is in. */
async function complaint(bad: BadCase): Promise<string> {
  const own = join(folder, bad.name)
  await mkdir(own)
  const error: unknown = await loadConfig(await writeBadCase(bad, own), {
    env,
    foreign: foreignFormats,
  }).then(
    () => new Error('it was accepted'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof ConfigError)) throw error
  return `${error.message.replaceAll(`${own}/`, '')}\n`
}

describe.each([...new Set(badCases.map(({ topic }) => topic))])('a bad configuration: %s', (topic) => {
  it.each(badCases.filter((bad) => bad.topic === topic))('$name', async (bad) => {
    expect(await complaint(bad)).toBe(bad.says)
  })
})
