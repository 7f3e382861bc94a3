import { formatPath, type Path } from '../../settings/path.ts'
import type { Place } from '../../settings/issues.ts'
import { isMapping, type Mapping, type Part } from '../document/parts.ts'
import { extension } from './specification.ts'

/** What a target was put together from: `defaults:`, the module, its group, itself. */
export interface Parts {
  readonly name: string
  readonly parts: readonly Pick<Part, 'written' | 'place'>[]
}

/** Where a key of a target was written: `config/targets.yml:7`. Nothing where no target has the name. */
export type OriginOf = (target: string, key: Path) => string | undefined

/** Where a target itself is written: its file, and the way to it from the root of the document. Nothing where it is in none of ours. */
export type PlaceOf = (target: string) => { readonly file: string; readonly at: Path } | undefined

/** Where each target itself is written. */
export function placesOf(all: readonly Parts[]): PlaceOf {
  const byName = new Map(all.map(({ name, parts }) => [name, parts.at(-1)?.place]))
  return (target) => {
    const place = byName.get(target)
    return place && place.source.tree.origin === undefined
      ? { file: place.source.file, at: place.at }
      : undefined
  }
}

const builtIn = 'the built-in default'

/** Where each key of a target was written. */
export function originsOf(all: readonly Parts[]): OriginOf {
  const byName = new Map(all.map(({ name, parts }) => [name, parts]))
  return (target, key) => {
    const parts = byName.get(target)
    return parts && originIn(parts, key)
  }
}

function originIn(parts: Parts['parts'], key: Path): string {
  const part = parts.findLast(({ written }) => isIn(written, key))
  if (part) return part.place === undefined ? 'the file of another program' : placeOf(part.place, key)
  // What is not written is derived from it.
  if (formatPath(key) !== 'expect.slo') return builtIn
  return `100% less expect.max_error_rate, ${originIn(parts, ['expect', 'max_error_rate'])}`
}

function isIn(written: Mapping, path: Path): boolean {
  let value: unknown = written
  for (const step of path) {
    if (!isMapping(value) || !Object.hasOwn(value, step)) return false
    value = value[step]
  }
  return true
}

/** `module api, config/targets.yml:7`. */
function placeOf({ source, at, short }: Place, key: Path): string {
  const { line } = source.tree.locate(short ? at : [...at, ...key], 'key')
  const [first, name] = at
  if (at.at(-1) === extension) return `specification, ${source.file}:${line}`
  const what = first === 'defaults' ? 'defaults, ' : first === 'modules' ? `module ${name}, ` : ''
  return `${what}${source.file}:${line}`
}
