import { readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { ProbityError } from '../../lib/errors.ts'
import { readRegularFile } from '../../lib/io/regular-file.ts'
import { reasonOf } from '../../settings/secrets.ts'
import type { Importer } from '../shared/importer.ts'
import { Names } from '../shared/render.ts'
import { Secrets } from '../shared/secrets.ts'
import { importedTargets } from '../shared/imported.ts'
import { readNagios, type NagiosText } from './objects.ts'
import { targetOf } from './plugins.ts'
import { watchedOf } from './services.ts'

/** Bytes of all files together, and how many of them there may be. */
const limits = { bytes: 20 * 1024 * 1024, files: 5000 } as const

/** `probity import nagios`. */
export const nagiosImporter: Importer = {
  name: 'nagios',
  summary:
    "Nagios' services and command lines of check_http, check_tcp, check_ping, check_ssh and check_dns: a file, or a folder with *.cfg",
  async read(path) {
    const files = readNagios(await textsOf(path))
    const { written, left } = watchedOf(files)
    const all = [...written, ...files.lines]
    if (all.length === 0 && left.length === 0)
      throw new ProbityError(
        'IMPORT_UNKNOWN',
        `${path} has no service of Nagios and no command line of a plugin: expected a file or folder with define service { ... }, or lines such as check_http -H example.com`,
      )
    const around = { names: new Names(), secrets: new Secrets('NAGIOS') }
    const outcomes = all.map((one) => {
      const outcome = targetOf(one, around)
      return typeof outcome === 'string' ? { path: [], message: outcome } : outcome
    })
    return importedTargets(path, {
      outcomes,
      // Slow is what has a warning limit, and each check is judged by itself.
      defaults: { expect: { max_error_rate: 'off' } },
      left: left.map((message) => ({ path: [], message })),
      secrets: { kept: around.secrets, file: 'nagios.env' },
    })
  },
}

/** The text of a file, or of all *.cfg of a folder and the folders in it, sorted by name. Links are not followed. */
async function textsOf(path: string): Promise<NagiosText[]> {
  try {
    const stats = await stat(path)
    const names = stats.isDirectory() ? await configsIn(path) : [path]
    if (names.length > limits.files) throw tooMuch(path, `more than ${limits.files} files`)
    const texts: NagiosText[] = []
    let bytes = 0
    for (const name of names) {
      bytes += (await stat(name)).size
      if (bytes > limits.bytes) throw tooMuch(path, 'more than 20 MiB')
      texts.push({
        name: stats.isDirectory() ? relative(path, name) : name,
        text: await readRegularFile(name),
      })
    }
    return texts
  } catch (cause) {
    if (cause instanceof ProbityError) throw cause
    throw new ProbityError('IMPORT_INVALID', `${path} cannot be read: ${reasonOf(cause)}`, { cause })
  }
}

function tooMuch(path: string, what: string): ProbityError {
  return new ProbityError('IMPORT_INVALID', `${path} has ${what}: import a part of it`)
}

async function configsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.cfg'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
