import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
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
 * `..data` beside them), without folders, and without `notify.yml`, which says who is notified. Then the expectation files
 * (`*.mm`) of the same directory, sorted by name.
 *
 * @throws {@link ConfigError}
 */
export async function readSources(path: string): Promise<Sources> {
  const absolute = resolve(path)
  const isDirectory = await stat(path).then(
    (stats) => stats.isDirectory(),
    (error: unknown) => {
      throw new ConfigError([fileIssue(path, `cannot be read: ${reasonOf(error)}`)], [absolute])
    },
  )
  const names = isDirectory ? await configFiles(path) : []
  const shown = isDirectory ? names.map((name) => join(path, name)) : [path]
  const directory = isDirectory ? path : dirname(path)
  const expectations = await expectationFiles(directory)
  const all = [...shown, ...expectations.map((name) => join(directory, name))]
  const files = all.map((file) => resolve(file))
  if (all.length === 0) throw new ConfigError([fileIssue(path, 'has no *.yml file')], [absolute])
  const read = await Promise.all(all.map(readSource))
  const issues = read.filter((result) => 'message' in result)
  if (issues.length > 0) throw new ConfigError(issues, files)
  return {
    sources: read.filter((result) => 'text' in result),
    directory: isDirectory ? absolute : dirname(absolute),
    files,
  }
}

async function configFiles(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).filter(
    (name) => /\.ya?ml$/.test(name) && !name.startsWith('.') && !/^notify\./.test(name),
  )
  const kept = await Promise.all(
    names.map(async (name) => {
      // A name that leads nowhere is kept, so that reading it says so.
      const stats = await stat(join(directory, name)).catch(() => undefined)
      return stats?.isDirectory() ? [] : [name]
    }),
  )
  return kept.flat().sort()
}

/** A directory that cannot be listed, or that is not there, has none: what is wrong is said of the file in it. */
async function expectationFiles(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => [])
  return names.filter((name) => name.endsWith('.mm') && !name.startsWith('.')).sort()
}

async function readSource(file: string): Promise<Source | ConfigIssue> {
  try {
    const stats = await stat(file)
    if (!stats.isFile()) return fileIssue(file, 'cannot be read: it is no regular file')
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
    return { file, line: firstBadLine(bytes), column: 1, path: '', message: 'is no UTF-8 text' }
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
