import { didYouMean } from '../../settings/values/closest.ts'
import type { Written } from '../document/document.ts'
import { isMapping, read, type Reading } from '../document/parts.ts'
import { seen } from '../../settings/values/value.ts'
import { webSchema } from '../document/web.ts'

/**
 * The targets that the public page names; undefined where there is none. Names that no target has are reported.
 *
 * @param targets All targets by their names. Undefined: there may be others.
 */
export function readPublicTargets(
  { value, place }: Written,
  targets: Pick<ReadonlyMap<string, unknown>, 'has' | 'keys'> | undefined,
  reading: Reading,
): readonly string[] | undefined {
  const names = read(webSchema, value, place, reading).value?.public
  const isList = isMapping(value) && Array.isArray(value['public'])
  for (const [index, name] of (names ?? []).entries()) {
    if (!targets || targets.has(name)) continue
    const path = isList ? ['public', index] : ['public']
    const message = `there is no target ${seen}${didYouMean(name, targets.keys())}`
    reading.issues.add(place, path, 'value', message)
  }
  return names
}
