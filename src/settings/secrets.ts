import { readFileSync, realpathSync, statSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import { codeOf, messageOf } from '../lib/errors.ts'

/** The environment, as a parameter. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Which part of an expanded value came from outside the file. Both are offsets; `end` is not included. */
export interface Insertion {
  readonly start: number
  readonly end: number
}

export interface Expanded {
  readonly value: string
  readonly insertions: readonly Insertion[]
}

/** Why a `${...}` cannot be expanded. */
export class ExpansionError extends Error {
  override name = 'ExpansionError'
}

/** A document that is asked for elsewhere is not there yet: what is made of it is made again once it is. */
export class NotFetchedError extends Error {
  override name = 'NotFetchedError'
}

/** What a `${...}` names. */
export type Reference = { readonly file: string } | { readonly name: string }

export interface ExpanderOptions {
  readonly env: Environment
  /** What a relative `${file:...}` starts from: the directory of the configuration. */
  readonly directory: string
  /** Default {@link readSecretFile}. */
  readonly readSecret?: (path: string, maxMebibytes?: number) => string
  /** Reads a document by its URL. Default: there is none. */
  readonly readUrl?: (url: string) => string
  /** Why something may not be put in. Default: everything may. */
  readonly refuse?: (reference: Reference) => string | undefined
}

/** Replaces `${...}` in the values of one configuration. */
export interface Expander {
  /**
   * `${NAME}` and `${NAME:-default}` from the environment, `${file:path}` from a file, `$${` as a literal `${`. A text
   * that was expanded before gives the same again, whatever changed in the meantime.
   *
   * @throws {@link ExpansionError}
   */
  readonly expand: (text: string) => Expanded
  /**
   * Reads a file of the directory of the configuration that holds no secret, such as a schema, or a document by its URL. Nothing
   * else is read through it.
   *
   * @throws {@link ExpansionError}, {@link NotFetchedError}
   */
  readonly readText: (name: string) => string
  /**
   * Reads a file of that directory that is not text, such as a picture, of so many bytes at most.
   *
   * @throws {@link ExpansionError}
   */
  readonly readBytes: (name: string, maxBytes: number) => Buffer
  /**
   * The absolute path of a file of that directory, which somebody else reads.
   *
   * @throws {@link ExpansionError} where there is none.
   */
  readonly pathOf: (name: string) => string
  /** The files that were read, or looked for in vain. */
  readonly files: ReadonlySet<string>
  /** What was put in so far, from wherever. */
  readonly inserted: ReadonlySet<string>
}

/** Whether a value has anything to expand. */
export function hasExpansion(text: string): boolean {
  return text.includes('${')
}

/** Makes a text that expands to what it is. */
export function escapeExpansions(text: string): string {
  return text.replaceAll('${', () => '$${')
}

export function createExpander(options: ExpanderOptions): Expander {
  const { env, directory, readSecret = readSecretFile, refuse } = options
  const { readUrl } = options
  const files = new Set<string>()
  const known = new Map<string, Expanded>()
  const texts = new Map<string, string>()
  const inserted = new Set<string>()

  function fromFile(name: string): string {
    const path = resolve(directory, name)
    files.add(path)
    try {
      return readSecret(path)
    } catch (cause) {
      throw new ExpansionError(`the secret file ${name} cannot be read: ${reasonOf(cause)}`, { cause })
    }
  }

  /** Each once: hundreds of targets may name the same file, which may be large. */
  function readText(name: string): string {
    const before = texts.get(name)
    if (before !== undefined) return before
    const text = readTextNow(name)
    texts.set(name, text)
    return text
  }

  function readTextNow(name: string): string {
    if (!readUrl || !/^[a-z][a-z0-9+.-]+:\/\//i.test(name))
      return readOwn(name, (path) => readSecret(path, maxTextMebibytes))
    assertAllowed(name)
    return readUrl(name)
  }

  function assertAllowed(name: string): void {
    const refusal = refuse?.({ file: name })
    if (refusal !== undefined) throw new ExpansionError(refusal)
  }

  function readOwn<T>(name: string, read: (path: string) => T): T {
    const path = resolve(directory, name)
    assertAllowed(name)
    if (leadsElsewhere(path, directory))
      throw new ExpansionError(`the file ${name} is not in the folder of the configuration`)
    files.add(path)
    try {
      return read(path)
    } catch (cause) {
      throw new ExpansionError(`the file ${name} cannot be read: ${reasonOf(cause)}`, { cause })
    }
  }

  function fromEnvironment(name: string, fallback: string | undefined): string | undefined {
    const value = env[name]
    // As in a shell: a default also replaces a variable that is set but empty.
    if (typeof value === 'string' && (value !== '' || fallback === undefined)) return value
    if (fallback !== undefined) return undefined
    throw new ExpansionError(
      `the environment variable ${name} is not set: set it, or give a default with \${${name}:-default}`,
    )
  }

  function expand(text: string): Expanded {
    let value = ''
    const insertions: Insertion[] = []
    let position = 0
    for (;;) {
      const start = text.indexOf('${', position)
      if (start === -1) return { value: value + text.slice(position), insertions }
      if (text[start - 1] === '$' && start > position) {
        value += `${text.slice(position, start - 1)}\${`
        position = start + 2
        continue
      }
      const end = text.indexOf('}', start)
      const inner = end === -1 ? '' : text.slice(start + 2, end)
      value += text.slice(position, start)
      const file = /^file:(.+)$/s.exec(inner)?.[1]
      const [, name, fallback] = /^([A-Za-z_]\w*)(?::-((?:(?!\$\{).)*))?$/s.exec(inner) ?? []
      if (file === undefined && name === undefined) {
        throw new ExpansionError(
          'a "${" starts ${NAME}, ${NAME:-default} or ${file:path}: write "$${" for a literal one',
        )
      }
      const refusal = refuse?.(file === undefined ? { name: name ?? '' } : { file })
      if (refusal !== undefined) throw new ExpansionError(refusal)
      const found = file === undefined ? fromEnvironment(name ?? '', fallback) : fromFile(file)
      if (found !== undefined) {
        insertions.push({ start: value.length, end: value.length + found.length })
        inserted.add(found)
      }
      value += found ?? fallback ?? ''
      position = end + 1
    }
  }

  return {
    files,
    inserted,
    readText,
    readBytes: (name, maxBytes) => readOwn(name, (path) => readBytesOf(path, maxBytes)),
    pathOf: (name) =>
      readOwn(name, (path) => {
        readSecret(path)
        return path
      }),
    expand: (text) => {
      if (!hasExpansion(text)) return { value: text, insertions: [] }
      const before = known.get(text)
      if (before !== undefined) return before
      const expanded = expand(text)
      known.set(text, expanded)
      return expanded
    },
  }
}

/** Whether a path is not below a directory, also by a link. What does not exist leads nowhere. */
function leadsElsewhere(path: string, directory: string): boolean {
  const isBelow = (inner: string, outer: string): boolean =>
    inner.startsWith(outer.endsWith(sep) ? outer : outer + sep)
  if (!isBelow(path, resolve(directory))) return true
  try {
    return !isBelow(realpathSync(path), realpathSync(directory))
  } catch {
    return false
  }
}

/** The specification of GitHub's API has 13 MB. */
export const maxTextMebibytes = 20

/**
 * Reads a secret as Docker and Kubernetes mount them: UTF-8, the newline at the end not included.
 *
 * @param maxMebibytes How large it may be. Default: 1.
 * @throws Error when it is not a file, is larger or is not UTF-8.
 */
export function readSecretFile(path: string, maxMebibytes = 1): string {
  const stats = statSync(path)
  // Opening a named pipe would wait for its writer, and everything else with it.
  if (!stats.isFile()) throw new Error('it is not a regular file')
  if (stats.size > maxMebibytes * 2 ** 20) throw new Error(`it is larger than ${maxMebibytes} MiB`)
  const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  return text.replace(/[\r\n]+$/, '')
}

function readBytesOf(path: string, maxBytes: number): Buffer {
  const stats = statSync(path)
  if (!stats.isFile()) throw new Error('it is not a regular file')
  if (stats.size > maxBytes) throw new Error(`it is larger than ${maxBytes / 1024} KiB`)
  return readFileSync(path)
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8 text',
}

/** Why a file could not be read, without the path that Node.js puts into its messages. */
export function reasonOf(error: unknown): string {
  return reasons[codeOf(error) ?? ''] ?? messageOf(error)
}
