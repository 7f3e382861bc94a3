import type { ParsedFile, Place } from '../../settings/issues.ts'
import { isMapping, readPart, type Part, type Reading } from './parts.ts'
import { didYouMean } from '../../settings/values/closest.ts'
import { defaultsSchema, fileSchema, moduleSchema, seedSchema, targetSchema } from './schema.ts'
import { maxTargets, tooManyTargets } from '../../settings/yaml/pieces.ts'
import { kindOf } from '../../settings/values/value.ts'

/** A value and where it was written. */
export interface Written {
  readonly value: unknown
  readonly place: Place
}

/** A target before it is put together with what it inherits. */
export interface TargetDraft {
  readonly place: Place
  /** The name of a plain URL is the URL; it is absent where it is wrong or missing. */
  readonly name: string | undefined
  /** Whether only a URL was written. */
  readonly short: boolean
  /** In rank above `defaults:` and the module: the labels of its group, then its own. */
  readonly parts: readonly Part[]
}

/** What one file contains. */
export interface FileDraft {
  readonly defaults?: { readonly part: Part; readonly place: Place }
  readonly modules: readonly { readonly name: string; readonly part: Part; readonly place: Place }[]
  /** Files of other programs that have modules. */
  readonly modulesFrom?: Written
  readonly vendors: readonly { readonly name: string; readonly written: Written }[]
  readonly probe?: Written
  /** The windows at its top. */
  readonly maintenance?: readonly Written[]
  readonly web?: Written
  readonly targets: readonly TargetDraft[]
  /** Where more targets come from. */
  readonly targetsFrom?: readonly Written[]
  /** Whether the file says which targets there are, even that there are none. */
  readonly listsTargets: boolean
  /** What is accepted in it but means nothing, each with its place. Default: nothing. */
  readonly notices?: readonly string[]
}

const empty: FileDraft = { modules: [], vendors: [], targets: [], listsTargets: false }

const example = 'write targets: and below it a line such as - https://example.com'

const above = 'in a list of targets, write targets: above it'

/** Keys of notify.yml. */
const ofNotify = new Set(['channels', 'routes'])

const elsewhere = 'belongs in notify.yml, which --notify.file names'

/** Reads one file part by part. What is wrong is reported. */
export function readFile(source: ParsedFile, reading: Reading): FileDraft {
  const { value } = source.tree
  const place: Place = { source, at: [] }
  if (Array.isArray(value)) {
    const targets = value.flatMap((group, index) => readSeed(group, { source, at: [index] }, reading))
    return { ...empty, targets, listsTargets: true }
  }
  if (isMapping(value)) return readMapping(value, place, reading)
  const message =
    value === null ? `is empty: ${example}` : `expected a mapping, got ${kindOf(value)}: ${example}`
  reading.issues.add(place, [], 'value', message)
  return { ...empty, listsTargets: true }
}

function readMapping(file: Readonly<Record<string, unknown>>, top: Place, reading: Reading): FileDraft {
  const { issues } = reading
  const place = (...at: (string | number)[]): Place => ({ source: top.source, at })
  for (const key of Object.keys(file)) {
    // As in Compose files: a place for anchors.
    if (Object.hasOwn(fileSchema.shape, key) || key.startsWith('x-')) continue
    const unknown = `unknown key${didYouMean(key, Object.keys(fileSchema.shape))}`
    issues.add(top, [key], 'key', ofNotify.has(key) ? elsewhere : unknown)
  }
  const entries = (key: string, what: string): [string, unknown][] => {
    const value = file[key]
    if (isMapping(value)) return Object.entries(value)
    if (key in file)
      issues.add(top, [key], 'value', `expected a mapping of ${what} names, got ${kindOf(value)}`)
    return []
  }
  return {
    ...('defaults' in file && {
      defaults: {
        place: place('defaults'),
        part: readPart(defaultsSchema, file['defaults'], place('defaults'), reading),
      },
    }),
    modules: entries('modules', 'module').map(([name, value]) => ({
      name,
      place: place('modules', name),
      part: readPart(moduleSchema, value, place('modules', name), reading),
    })),
    ...('modules_from' in file && {
      modulesFrom: { value: file['modules_from'], place: place('modules_from') },
    }),
    vendors: entries('vendors', 'vendor').map(([name, value]) => ({
      name,
      written: { value, place: place('vendors', name) },
    })),
    ...('probe' in file && { probe: { value: file['probe'], place: place('probe') } }),
    ...('web' in file && { web: { value: file['web'], place: place('web') } }),
    maintenance: readList(file, 'maintenance', 'windows', top, reading),
    targets: readTargets(file, top, reading),
    targetsFrom: readList(file, 'targets_from', 'sources', top, reading),
    listsTargets: 'targets' in file || 'probe' in file || 'targets_from' in file,
  }
}

function readList(
  file: Readonly<Record<string, unknown>>,
  key: string,
  what: string,
  top: Place,
  { issues }: Reading,
): Written[] {
  const list = file[key]
  if (list === undefined) return []
  if (Array.isArray(list))
    return list.map((value: unknown, index) => ({ value, place: { source: top.source, at: [key, index] } }))
  issues.add(top, [key], 'value', `expected a list of ${what}, got ${kindOf(list)}`)
  return []
}

function readTargets(
  { targets }: Readonly<Record<string, unknown>>,
  top: Place,
  reading: Reading,
): TargetDraft[] {
  if (targets === undefined) return []
  if (!Array.isArray(targets)) {
    const message = `expected a list of URLs and mappings, got ${kindOf(targets)}`
    reading.issues.add(top, ['targets'], 'value', message)
    return []
  }
  if (targets.length > maxTargets) {
    reading.issues.add(top, ['targets', maxTargets], 'value', tooManyTargets)
    return []
  }
  return targets.map((target: unknown, index) => {
    const place = { source: top.source, at: ['targets', index] }
    return typeof target === 'string'
      ? readShort(target, place, [], reading)
      : readLong(target, place, reading)
  })
}

function readLong(written: unknown, place: Place, reading: Reading): TargetDraft {
  if (!isMapping(written)) {
    const message = `expected a URL or a mapping with name: and url:, got ${kindOf(written)}`
    reading.issues.add(place, [], 'value', message)
    return { place, name: undefined, short: false, parts: [] }
  }
  const part = readPart(targetSchema, written, place, reading)
  if (!part.has('name'))
    reading.issues.add(place, [], 'value', 'has no name: only a plain URL does not need one')
  return { place, name: part.settings.name, short: false, parts: [part] }
}

function readShort(
  written: string,
  { source, at }: Place,
  inherited: readonly Part[],
  reading: Reading,
): TargetDraft {
  const place: Place = { source, at, short: true }
  const part = readPart(targetSchema, { url: written }, place, reading)
  const { url } = part.settings
  if (url === undefined) return { place, name: undefined, short: true, parts: [...inherited, part] }
  const name = reading.expander.expand(written).value
  if (/[?#]/.test(name) || url.username !== '' || url.password !== '') {
    const message = 'a URL with credentials, a query or a fragment needs a name: write name: and url:'
    reading.issues.add(place, [], 'value', message)
  }
  return { place, name, short: true, parts: [...inherited, part] }
}

function readSeed(written: unknown, place: Place, reading: Reading): TargetDraft[] {
  const { source, at } = place
  if (!isMapping(written)) {
    const message = `expected a mapping with targets: and labels:, got ${kindOf(written)}: ${above}`
    reading.issues.add(place, [], 'value', message)
    return []
  }
  const { targets, ...others } = written
  const shapeOnly = readPart(seedPartSchema, { ...others, targets: [] }, place, reading)
  if (!Array.isArray(targets)) {
    reading.issues.add(place, ['targets'], 'value', `expected a list of URLs, got ${kindOf(targets)}`)
    return []
  }
  const { labels } = shapeOnly.written
  const group: Part = {
    ...shapeOnly,
    written: { labels },
    has: (key) => key === 'labels' && shapeOnly.has(key),
  }
  return targets.flatMap((url: unknown, index) => {
    const item: Place = { source, at: [...at, 'targets', index] }
    if (typeof url === 'string') return [readShort(url, item, [group], reading)]
    reading.issues.add(item, [], 'value', `expected a URL, got ${kindOf(url)}`)
    return []
  })
}

/** A group's settings are its labels: the list of URLs is read one by one. */
const seedPartSchema = seedSchema.transform(({ labels }) => (labels === undefined ? {} : { labels }))
