import { createHash } from 'node:crypto'
import type { ReadText } from '../../kind.ts'
import { ValueError } from '../../../settings/values/value.ts'
import { besides, isElsewhere, placeOf, readDocument } from './files.ts'

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
  return toBundle(file, documents[0]?.[0] ?? '', documents)
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
function collect(file: string, read: ReadText): (readonly [uri: string, json: string])[] {
  const found = new Map<string, unknown>()
  const wanted: { readonly file: string; readonly uri: string | undefined }[] = [
    { file: placeOf(file), uri: undefined },
  ]
  const texts: (readonly [string, string])[] = []
  const remote = new Map<string, string>()
  let bytes = 0
  for (let next = wanted.shift(); next; next = wanted.shift()) {
    const value = readDocument(next.file, read)
    if (typeof value !== 'object' && typeof value !== 'boolean')
      throw new ValueError(`${next.file} is not a JSON Schema: expected a mapping`)
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
      if (isElsewhere(path)) remote.set(target, reference)
      else if (!found.has(target)) wanted.push({ file: besides(next.file, path), uri: target })
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

/** The absolute `$id` of a document, without a fragment. */
function idOf(value: unknown): string | undefined {
  const id = typeof value === 'object' && value !== null && '$id' in value ? value.$id : undefined
  return typeof id === 'string' && URL.canParse(id) ? id.replace(/#.*$/, '') : undefined
}

function resolved(path: string, uri: string): string {
  if (!URL.canParse(path, uri))
    throw new ValueError(`refers to "${path.slice(0, 200)}", which is not a valid reference`)
  return new URL(path, uri).href
}

/** Below these is data: an example may look like a reference. */
const dataKeys = new Set(['const', 'enum', 'default', 'examples', 'example'])
/** Below these are names, whatever they are. */
const named = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'])

/** Every reference in a document. */
function referencesIn(value: unknown): string[] {
  return gathered(value, new Set(['$ref', '$dynamicRef']))
}

function idsIn(value: unknown): string[] {
  return gathered(value, new Set(['$id'])).map((id) => id.replace(/#.*$/, ''))
}

function gathered(value: unknown, wanted: ReadonlySet<string>, areNames = false): string[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((item) => gathered(item, wanted))
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) => {
    if (!areNames && wanted.has(key) && typeof item === 'string') return [item]
    if (!areNames && dataKeys.has(key)) return []
    return gathered(item, wanted, !areNames && named.has(key))
  })
}
