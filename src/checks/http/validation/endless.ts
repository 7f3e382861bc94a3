import type { SchemaBundle } from './bundle.ts'

type Schema = Readonly<Record<string, unknown>>

/** Keys below which are schemas for the very same value: one, in a list, or by name. */
const alone = ['not', 'if', 'then', 'else']
const inLists = ['allOf', 'anyOf', 'oneOf']
const byName = ['dependentSchemas']

/** How many schemas one value may be held against: far more than anybody writes, and a fraction of a second. */
const most = 100_000

/**
 * Finds what cannot be judged, whatever the document is: a schema that stands for itself, or one of so many alternatives of
 * alternatives that nobody would see the end. References by `$anchor` and `$dynamicRef` are not followed.
 *
 * @returns What is wrong, in words; nothing where there is an end.
 */
export function endless({ documents }: Pick<SchemaBundle, 'documents'>): string | undefined {
  const roots = new Map(documents.map(([uri, json]) => [uri, JSON.parse(json) as unknown]))
  const counts = new Map<Schema, number>()
  const above = new Set<Schema>()

  /** How many schemas a value is held against, this one included. */
  function count(schema: unknown, uri: string): number {
    if (!isSchema(schema)) return 0
    const known = counts.get(schema)
    if (known !== undefined) return known
    if (above.has(schema)) return Infinity
    above.add(schema)
    let sum = 1
    for (const [next, where] of sameValue(schema, uri, roots)) sum += count(next, where)
    above.delete(schema)
    counts.set(schema, sum)
    return sum
  }

  for (const [uri, root] of roots) {
    for (const schema of schemasIn(root)) {
      const found = count(schema, uri)
      if (found === Infinity) return 'its references lead in a circle, so that no value could ever be judged'
      if (found > most)
        return `a value would be held against more than ${most.toLocaleString('en')} schemas: simplify its anyOf, oneOf and allOf`
    }
  }
  return undefined
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Every mapping of a document. One that is not a schema has no references, or does no harm. */
function* schemasIn(value: unknown): Generator<Schema> {
  const wanted = [value]
  for (let next = wanted.pop(); next !== undefined; next = wanted.pop()) {
    if (isSchema(next)) yield next
    if (typeof next === 'object' && next !== null)
      for (const below of Object.values(next) as unknown[]) wanted.push(below)
  }
}

/** The schemas that a value has to be held against because of this one, each with the URI of its document. */
function sameValue(
  schema: Schema,
  uri: string,
  roots: ReadonlyMap<string, unknown>,
): (readonly [schema: unknown, uri: string])[] {
  const below = [
    ...alone.map((key) => schema[key]),
    ...inLists.flatMap((key) => (Array.isArray(schema[key]) ? (schema[key] as unknown[]) : [])),
    ...byName.flatMap((key) => (isSchema(schema[key]) ? Object.values(schema[key]) : [])),
  ].map((next) => [next, uri] as const)
  const reference = schema['$ref']
  return typeof reference === 'string' ? [...below, target(reference, uri, roots)] : below
}

function target(
  reference: string,
  uri: string,
  roots: ReadonlyMap<string, unknown>,
): readonly [schema: unknown, uri: string] {
  if (!URL.canParse(reference, uri)) return [undefined, uri]
  const { href, hash } = new URL(reference, uri)
  const document = href.replace(/#.*$/s, '')
  const steps = hash.slice(1).split('/').slice(1)
  if (hash.length > 1 && !hash.startsWith('#/')) return [undefined, document]
  const found = steps.reduce<unknown>((value, step) => {
    const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
    return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
      ? (value as Schema)[key]
      : undefined
  }, roots.get(document))
  return [found, document]
}
