import { access, constants } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { codeOf } from '../../../lib/errors.ts'
import { ProbeFailure } from '../../../net/failure.ts'

/** The names of Chromium and Chrome in packages. */
const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** Finds the program of the browser. @throws ProbeFailure `command` where there is none. */
export async function findChromium(program: string | undefined, path = ''): Promise<string> {
  const folders = path.split(delimiter).filter((folder) => folder !== '')
  const candidates =
    program === undefined ? names.flatMap((name) => folders.map((folder) => join(folder, name))) : [program]
  for (const candidate of candidates) if (await isExecutable(candidate)) return candidate
  throw new ProbeFailure(
    'command',
    program === undefined
      ? 'there is no Chromium on PATH: install it (on Debian: apt-get install chromium), or say where it is with chromium:'
      : `there is no program ${program} that can be started: see chromium:`,
  )
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Finds playwright-core: next to the script or in a folder above it, else next to Probity.
 *
 * @throws ProbeFailure `command` where there is none.
 */
export function findPlaywright(near: readonly string[]): string {
  for (const place of near) {
    try {
      return createRequire(place).resolve('playwright-core')
    } catch (error) {
      if (codeOf(error) !== 'MODULE_NOT_FOUND') throw error
    }
  }
  throw new ProbeFailure(
    'command',
    'there is no playwright-core: install it in the folder of the configuration (npm install playwright-core)',
  )
}
