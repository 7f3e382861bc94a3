/** Keys whose values are merged key by key; everything else is replaced as a whole. */
const mergedByKey: ReadonlySet<string> = new Set(['expect', 'labels', 'headers', 'env'])

type Mapping = Readonly<Record<string, unknown>>

/**
 * Merges settings, the later ones first in rank. Works alike on settings as they were written and as they were read. In
 * `labels`, `headers` and `env`, and for a key as a whole, nothing (`~`) takes away what was inherited.
 */
export function mergeSettings<T extends object>(parts: readonly T[]): T {
  const merged: Record<string, unknown> = {}
  for (const part of parts) {
    for (const [key, value] of Object.entries(part)) {
      if (value === null || value === undefined) Reflect.deleteProperty(merged, key)
      else if (!mergedByKey.has(key)) merged[key] = value
      else if (key === 'headers') merged[key] = mergeHeaders(merged[key], value as Mapping)
      else merged[key] = mergeByKey(merged[key], value as Mapping)
    }
  }
  return merged as T
}

function mergeByKey(inherited: unknown, own: Mapping): Mapping {
  const merged: Record<string, unknown> = { ...(inherited as Mapping | undefined), ...own }
  for (const [key, value] of Object.entries(own)) if (value === null) Reflect.deleteProperty(merged, key)
  return merged
}

/** Header names are the same in any case. */
function mergeHeaders(inherited: unknown, own: Mapping): Mapping {
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()))
  const kept = Object.entries((inherited as Mapping | undefined) ?? {}).filter(
    ([name]) => !names.has(name.toLowerCase()),
  )
  return mergeByKey(Object.fromEntries(kept), own)
}

/** What stays in force of settings as they were written, if others that are first in rank are merged into them. */
export function notReplaced(inherited: Mapping, own: Mapping): Mapping {
  const kept = Object.entries(inherited).flatMap(([key, value]): [string, unknown][] => {
    if (!Object.hasOwn(own, key)) return [[key, value]]
    const above = own[key]
    if (!mergedByKey.has(key) || !isMapping(value) || !isMapping(above)) return []
    const names = new Set(Object.keys(above).map((name) => nameOf(key, name)))
    return [
      [key, Object.fromEntries(Object.entries(value).filter(([name]) => !names.has(nameOf(key, name))))],
    ]
  })
  return Object.fromEntries(kept)
}

function nameOf(key: string, name: string): string {
  return key === 'headers' ? name.toLowerCase() : name
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
