import { dirname, join } from 'node:path/posix'
import { NotFetchedError } from '../../../settings/secrets.ts'
import { ValueError } from '../../../settings/values/value.ts'
import { parseYamlInPieces, PieceCache } from '../../../settings/yaml/pieces.ts'
import type { YamlTree } from '../../../settings/yaml/yaml.ts'
import type { ReadText } from '../../kind.ts'

/** A document that was read, or the words for why there is none. */
type Read = { readonly tree: YamlTree } | { readonly line: number; readonly message: string }

/** What was read last of some files: hundreds of targets may name the same one, which may be large. */
const latest = new Map<string, { text: string; readonly read: Read }>()
const maxLatest = 20

function parse(file: string, text: string): Read {
  const before = latest.get(file)
  if (before?.text === text) {
    // The next comparison is one of two references to the same text, and need not look at all of it.
    before.text = text
    return before.read
  }
  const { tree, problems } = parseYamlInPieces(text, new PieceCache())
  const [problem] = problems
  const read = tree ? { tree } : { line: problem?.line ?? 1, message: problem?.message ?? 'is empty' }
  if (latest.size >= maxLatest) latest.clear()
  latest.set(file, { text, read })
  return read
}

/** Reads a file as JSON or YAML. @throws ValueError; NotFetchedError where it comes from a URL, and is not there yet. */
export function readDocument(file: string, readText: ReadText): unknown {
  return readTree(file, readText).value
}

/** The same, with the positions of its values. */
export function readTree(file: string, readText: ReadText): YamlTree {
  let text: string
  try {
    text = readText(file)
  } catch (error) {
    if (error instanceof NotFetchedError) throw error
    throw new ValueError((error as Error).message)
  }
  const read = parse(file, text)
  if ('message' in read) throw new ValueError(`${shownFile(file)}:${read.line}: ${read.message}`)
  return read.tree
}

/**
 * The path of a file from the folder of the configuration on.
 *
 * @throws ValueError where it leads out of the folder.
 */
export function placeOf(file: string): string {
  const place = join(file.replaceAll('\\', '/'))
  if (place.startsWith('../') || place === '..' || place.startsWith('/'))
    throw new ValueError(
      `${file.slice(0, 200)} is not in the configuration's folder: write a path that starts there`,
    )
  return place
}

/** Whether a reference names a host, or a document by its URI. */
export function isElsewhere(path: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(path) || path.startsWith('//')
}

/** As it may be shown: the query of a URL may be what gives access to it. */
export function shownFile(file: string): string {
  return isElsewhere(file) ? file.replace(/\?.*$/s, '?...') : file
}

/** The file that a relative reference in another file leads to. @throws ValueError as `placeOf` */
export function besides(file: string, path: string): string {
  return placeOf(join(dirname(file), decoded(path)))
}

function decoded(path: string): string {
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}
