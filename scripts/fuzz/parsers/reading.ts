import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseConfig } from '../../../src/config/load/load.ts'
import type { LoadOptions } from '../../../src/config/load/options.ts'
import { foreignFormats } from '../../../src/foreign/index.ts'
import type { Sources } from '../../../src/settings/sources.ts'
import { root } from '../../stack/shipped-files.ts'
import { configOf, expectThat } from '../parser.ts'

export const shipped = (file: string): string => readFileSync(join(root, file), 'utf8')

export const env = { X: 'value', NAME: 'value', EMPTY: '', SLACK_WEBHOOK_URL: 'https://hooks.example/x' }
/** Some files are empty, and some are not there. */
export function readSecret(path: string): string {
  if (path.includes('none')) throw new Error('it is not a regular file')
  return path.includes('empty') ? '' : 'a secret'
}

/** One file as it would have been read. */
export const sourcesOf = (file: string, input: Buffer): Sources => ({
  sources: [{ file, text: input.toString() }],
  directory: '/etc/probity',
  files: [],
})

/** @param more How else it is read. Default: without files around it. */
export const readTargets = (
  file: string,
  input: Buffer,
  more: Partial<LoadOptions & Sources> = {},
): Promise<boolean> =>
  configOf(() => {
    const { targets } = parseConfig(
      { ...sourcesOf(file, input), ...more },
      { env, foreign: foreignFormats, readSecret, ...more },
    )
    for (const { name, timeout, interval } of targets)
      expectThat(
        name !== '' && timeout > 0 && timeout < interval,
        `${name}: ${timeout} s within ${interval} s`,
      )
  })
