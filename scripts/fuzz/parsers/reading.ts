import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseConfig } from '../../../src/config/load/load.ts'
import { foreignFormats } from '../../../src/foreign/index.ts'
import type { Sources } from '../../../src/settings/sources.ts'
import { root } from '../../stack/shipped-files.ts'
import { configOf, expectThat } from '../parser.ts'

export const shipped = (file: string): string => readFileSync(join(root, file), 'utf8')

export const env = { X: 'value', NAME: 'value', SLACK_WEBHOOK_URL: 'https://hooks.example/x' }
export const readSecret = (): string => 'a secret'

/** One file as it would have been read. */
export const sourcesOf = (file: string, input: Buffer): Sources => ({
  sources: [{ file, text: input.toString() }],
  directory: '/etc/probity',
  files: [],
})

export const readTargets = (file: string, input: Buffer): Promise<boolean> =>
  configOf(() => {
    const { targets } = parseConfig(sourcesOf(file, input), { env, foreign: foreignFormats, readSecret })
    for (const { name, timeout, interval } of targets)
      expectThat(
        name !== '' && timeout > 0 && timeout < interval,
        `${name}: ${timeout} s within ${interval} s`,
      )
  })
