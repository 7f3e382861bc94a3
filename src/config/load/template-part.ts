import type { Path } from '../../settings/path.ts'
import type { Place } from '../../settings/issues.ts'
import { sourceShape } from '../discovery/schema.ts'
import { readPart, type Mapping, type Part, type Reading } from '../document/parts.ts'
import { targetSchema } from '../document/schema.ts'

/**
 * Reports the keys of an entry of `targets_from:` that belong to other sources.
 *
 * @param key The key that selects the source.
 * @param shape All keys that the source has.
 * @returns The entry without them.
 */
export function withoutOtherSources(
  written: Mapping,
  key: string,
  shape: object,
  place: Place,
  { issues }: Reading,
): Mapping {
  const others = Object.keys(written).filter((name) => name in sourceShape && !(name in shape))
  for (const name of others) issues.add(place, [name], 'key', `has no effect with ${key}: remove it`)
  return Object.fromEntries(Object.entries(written).filter(([name]) => !others.includes(name)))
}

/** Reads a target that was made of the template of an entry of `targets_from:`. Its positions are those of the template. */
export function readTemplatePart(written: Mapping, { source, at }: Place, reading: Reading): Part {
  const below = (path: Path): (string | number)[] => [...at, 'template', ...path]
  const tree = {
    value: written,
    locate: (path: Path, part: 'key' | 'value') => source.tree.locate(below(path), part),
    origin: below,
  }
  return readPart(targetSchema, written, { source: { file: source.file, tree }, at: [] }, reading)
}
