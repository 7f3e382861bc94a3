/** Keys whose values are merged key by key; everything else is replaced as a whole. */
const mergedByKey: ReadonlySet<string> = new Set(['expect', 'labels', 'headers'])

type Mapping = Readonly<Record<string, unknown>>

/**
 * Merges settings, the later ones first in rank. Works alike on settings as they were written and as they were read. In
 * `labels` and `headers`, and for a key as a whole, nothing (`~`) takes away what was inherited.
 */
export function mergeSettings<T extends object>(parts: readonly T[]): T {
  const merged: Record<string, unknown> = {}
  for (const part of parts) {
    for (const [key, value] of Object.entries(part)) {
      if (value === null || value === undefined) Reflect.deleteProperty(merged, key)
      else if (mergedByKey.has(key))
        merged[key] = mergeByKey(merged[key], value as Mapping, key === 'headers')
      else merged[key] = value
    }
  }
  return merged as T
}

function mergeByKey(inherited: unknown, own: Mapping, ignoreCase: boolean): Mapping {
  const merged = { ...(inherited as Mapping | undefined) }
  for (const [key, value] of Object.entries(own)) {
    const same = (other: string) => other === key || (ignoreCase && other.toLowerCase() === key.toLowerCase())
    for (const other of Object.keys(merged).filter(same)) Reflect.deleteProperty(merged, other)
    if (value !== null) merged[key] = value
  }
  return merged
}
