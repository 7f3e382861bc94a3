import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path/posix'
import { parseYamlInPieces, PieceCache } from '../../../settings/yaml/pieces.ts'
import type { ReadText } from '../../kind.ts'
import { ValueError } from '../../../settings/values/value.ts'

/** A JSON Schema with all that it refers to. It can be sent to a thread. */
export interface SchemaBundle {
  /** The same for the same content. */
  readonly key: string
  /** What it is called in messages, as it was written. */
  readonly name: string
  /** The URI of the schema to validate with: a document of those below, or a part of it. */
  readonly root: string
  /** Each document as JSON, by its URI. */
  readonly documents: readonly (readonly [uri: string, json: string])[]
}

/** Bytes of all documents together, and how many there may be. */
const most = { bytes: 2 * 2 ** 20, documents: 100 }

/** What stands for the folder of the configuration. No document can have come from there by itself. */
const base = 'file:///'

/**
 * Collects a schema and the files that it refers to.
 *
 * @param file From the folder of the configuration on.
 * @throws ValueError
 */
export function bundleSchema(file: string, read: ReadText): SchemaBundle {
  const documents = collect(file, read)
  const [[root = ''] = []] = documents
  return toBundle(file, root, documents)
}

export function toBundle(name: string, root: string, documents: SchemaBundle['documents']): SchemaBundle {
  const key = createHash('sha256')
    .update(JSON.stringify([root, documents]))
    .digest('hex')
  return { key, name, root, documents }
}

/**
 * A file and those that it refers to, the file first.
 *
 * @throws ValueError where one is missing, is elsewhere, or all are too much.
 */
export function collect(file: string, read: ReadText): (readonly [uri: string, json: string])[] {
  const found = new Map<string, unknown>()
  const wanted: { readonly file: string; readonly uri: string | undefined }[] = [
    { file: placeOf(file), uri: undefined },
  ]
  const texts: (readonly [string, string])[] = []
  const remote = new Map<string, string>()
  let bytes = 0
  for (let next = wanted.shift(); next; next = wanted.shift()) {
    const value = parsed(next.file, read)
    const uri = next.uri ?? idOf(value) ?? base + next.file
    if (found.has(uri)) continue
    found.set(uri, value)
    // The dialect is chosen once, for all of them.
    const json = JSON.stringify(value)
    bytes += json.length
    if (bytes > most.bytes || found.size > most.documents)
      throw new ValueError(`refers to more than ${most.documents} files or 2 MiB`)
    texts.push([uri, json])
    for (const reference of referencesIn(value)) {
      const [path = ''] = reference.split('#')
      if (path === '') continue
      const target = resolved(path, uri)
      if (/^[a-z][a-z0-9+.-]*:/i.test(path) || path.startsWith('//')) remote.set(target, reference)
      else if (!found.has(target))
        wanted.push({ file: placeOf(join(dirname(next.file), decoded(path))), uri: target })
    }
  }
  const ids = new Set([...found.values()].flatMap(idsIn))
  const [elsewhere] = [...remote].filter(([uri]) => !found.has(uri) && !ids.has(uri))
  if (elsewhere)
    throw new ValueError(
      `refers to ${elsewhere[1].slice(0, 200)}: only files of the configuration's folder are read`,
    )
  return texts
}

function decoded(path: string): string {
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}

/** @throws ValueError where it leads out of the folder. */
function placeOf(file: string): string {
  const place = join(file.replaceAll('\\', '/'))
  if (place.startsWith('../') || place === '..' || place.startsWith('/'))
    throw new ValueError(
      `${file.slice(0, 200)} is not in the configuration's folder: write a path that starts there`,
    )
  return place
}

function parsed(file: string, read: ReadText): unknown {
  let text: string
  try {
    text = read(file)
  } catch (error) {
    throw new ValueError((error as Error).message)
  }
  const { tree, problems } = parseYamlInPieces(text, new PieceCache())
  const [problem] = problems
  if (!tree) throw new ValueError(`${file}:${problem?.line ?? 1}: ${problem?.message ?? 'is empty'}`)
  if (typeof tree.value !== 'object' && typeof tree.value !== 'boolean')
    throw new ValueError(`${file} is not a JSON Schema: expected a mapping`)
  return tree.value
}

/** The absolute `$id` of a document, without a fragment. */
function idOf(value: unknown): string | undefined {
  const id = typeof value === 'object' && value !== null && '$id' in value ? value.$id : undefined
  return typeof id === 'string' && URL.canParse(id) ? id.replace(/#.*$/, '') : undefined
}

function resolved(path: string, uri: string): string {
  if (!URL.canParse(path, uri))
    throw new ValueError(`refers to "${path.slice(0, 200)}", which is no reference`)
  return new URL(path, uri).href
}

/** What is not data: an example may look like a reference. */
const dataKeys = new Set(['const', 'enum', 'default', 'examples', 'example'])

/** Every reference in a document. */
export function referencesIn(value: unknown): string[] {
  return gathered(value, (key, item) => (key === '$ref' || key === '$dynamicRef' ? item : undefined))
}

function idsIn(value: unknown): string[] {
  return gathered(value, (key, item) => (key === '$id' ? item : undefined)).map((id) =>
    id.replace(/#.*$/, ''),
  )
}

function gathered(value: unknown, of: (key: string, item: unknown) => unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((item) => gathered(item, of))
  return Object.entries(value).flatMap(([key, item]) => {
    const found = of(key, item)
    if (typeof found === 'string') return [found]
    return dataKeys.has(key) ? [] : gathered(item, of)
  })
}
