import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { codeOf } from '../lib/errors.ts'
import { ConfigError, type ConfigIssue } from './errors.ts'
import { reasonOf } from './secrets.ts'

/** The text of one file. */
export interface Source {
  /** As it is named in messages. */
  readonly file: string
  readonly text: string
}

/** Everything that a configuration was written in. */
export interface Sources {
  /** In the order in which they are read. */
  readonly sources: readonly Source[]
  /** Absolute: what a relative `${file:...}` starts from. */
  readonly directory: string
  /** Absolute. */
  readonly files: readonly string[]
}

/** Bytes. Ten thousand targets with every key are a third of it. */
export const maxFileBytes = 10 * 1024 * 1024

/**
 * Reads a file, or the files of a directory: `*.yml` and `*.yaml`, sorted by name, without hidden ones (Kubernetes mounts
 * `..data` next to them), without folders, and without `notify.yml`, which says who is notified. All other files in the directory
 * are ignored.
 *
 * @param ifMissing What to do where there is nothing. Default: nothing is advised.
 * @returns No sources for a directory without such files.
 * @throws {@link ConfigError}
 */
export async function readSources(path: string, ifMissing = ''): Promise<Sources> {
  return readAll(await findFiles(path, ifMissing))
}

/**
 * Reads what targets are written in: what `readSources` reads, then the expectation files (`*.mm`) of the same directory,
 * sorted by name.
 *
 * @throws {@link ConfigError}
 */
export async function readTargetSources(path: string): Promise<Sources> {
  const { directory, names } = await findFiles(
    path,
    ': probity init writes a first one, and --config.file names another',
  )
  const known = new Set(names.map((name) => resolve(name)))
  const expectations = await expectationFiles(directory)
  // One that is named itself is read once.
  const others = expectations.filter((name) => !known.has(resolve(name)))
  return refuseNone(path, await readAll({ directory, names: [...names, ...others] }))
}

/** @throws {@link ConfigError} where there are no sources. */
export function refuseNone(path: string, read: Sources): Sources {
  if (read.sources.length > 0) return read
  throw new ConfigError([fileIssue(path, 'has no *.yml file')], [resolve(path)])
}

interface Found {
  readonly directory: string
  /** As they are shown. */
  readonly names: readonly string[]
}

async function findFiles(path: string, ifMissing: string): Promise<Found> {
  const isDirectory = await stat(path).then(
    (stats) => stats.isDirectory(),
    (error: unknown) => {
      const advice = codeOf(error) === 'ENOENT' ? ifMissing : ''
      throw new ConfigError([fileIssue(path, `cannot be read: ${reasonOf(error)}${advice}`)], [resolve(path)])
    },
  )
  if (!isDirectory) return { directory: dirname(path), names: [path] }
  const isConfig = (name: string): boolean => /\.ya?ml$/.test(name) && !/^notify\./.test(name)
  return { directory: path, names: await filesIn(path, isConfig) }
}

/** A directory that cannot be listed, or that is not there, has none: what is wrong is said of the file in it. */
async function expectationFiles(directory: string): Promise<string[]> {
  return filesIn(directory, (name) => name.endsWith('.mm')).catch(() => [])
}

/** Without hidden files and folders, sorted by name. */
async function filesIn(directory: string, isWanted: (name: string) => boolean): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => isWanted(name) && !name.startsWith('.'))
  const files = await Promise.all(
    names.sort().map(async (name) => {
      const file = join(directory, name)
      // A name that leads nowhere is kept, so that reading it says so.
      const stats = await stat(file).catch(() => undefined)
      return stats?.isDirectory() ? [] : [file]
    }),
  )
  return files.flat()
}

async function readAll({ directory, names }: Found): Promise<Sources> {
  const files = names.map((name) => resolve(name))
  const read = await Promise.all(names.map(readSource))
  const issues = read.filter((result) => 'message' in result)
  if (issues.length > 0) throw new ConfigError(issues, files)
  return { sources: read.filter((result) => 'text' in result), directory: resolve(directory), files }
}

async function readSource(file: string): Promise<Source | ConfigIssue> {
  try {
    const stats = await stat(file)
    if (!stats.isFile()) return fileIssue(file, 'cannot be read: it is not a regular file')
    if (stats.size > maxFileBytes) return fileIssue(file, 'is larger than 10 MiB')
    return decode(file, await readFile(file))
  } catch (error) {
    return fileIssue(file, `cannot be read: ${reasonOf(error)}`)
  }
}

function decode(file: string, bytes: Buffer): Source | ConfigIssue {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    return { file, text: decoder.decode(bytes) }
  } catch {
    return { file, line: firstBadLine(bytes), column: 1, path: '', message: 'is not UTF-8 text' }
  }
}

function firstBadLine(bytes: Buffer): number {
  let line = 1
  for (let start = 0; start < bytes.length; line++) {
    const newline = bytes.indexOf(0x0a, start)
    const end = newline === -1 ? bytes.length : newline
    const text = bytes.subarray(start, end)
    if (!text.equals(Buffer.from(text.toString('utf8')))) return line
    start = end + 1
  }
  return line
}

function fileIssue(file: string, message: string): ConfigIssue {
  return { file, line: 0, column: 0, path: '', message }
}
