import { RE2JS } from 're2js'
import { memoize } from '../../../settings/values/memo.ts'
import type { SchemaBundle } from './bundle.ts'
import { jsonStep } from './words.ts'

type Schema = Readonly<Record<string, unknown>>

/** Values of a document that are looked at: less than a second, whatever the schema is. */
const mostValues = 20_000
/** More paths than a person reads. */
const mostPaths = 20

/** What applies to the very same value: one schema, or several. */
const alone = ['if', 'then', 'else']
const inLists = ['allOf', 'anyOf', 'oneOf']

/** Many bodies are held against the same schema. */
const parse = memoize((json): Schema => JSON.parse(json) as Schema, 20)
const patternOf = memoize((source): RE2JS => RE2JS.compile(RE2JS.translateRegExp(source)), 200)

/**
 * Finds the fields of a document that no schema names. An object of which the schema names no field, or says that it may have any
 * (`additionalProperties`), has none; of alternatives, those of each are known.
 *
 * @param document One that is valid.
 * @param bundle One that stands alone: all of its references lead into its only document.
 * @returns Their JSONPaths, without indices, at most 20: `$.pets[*].colour`.
 */
export function unknownFields(document: unknown, { documents }: Pick<SchemaBundle, 'documents'>): string[] {
  const root = parse(documents[0]?.[1] ?? '{}')
  const found = new Set<string>()
  let left = mostValues

  function look(value: unknown, schemas: readonly unknown[], path: string): void {
    if (typeof value !== 'object' || value === null || left-- <= 0 || found.size >= mostPaths) return
    const all = applying(schemas, root)
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries())
        look(
          item,
          all.flatMap((one) => itemsOf(one, index)),
          `${path}[*]`,
        )
      return
    }
    const names = all.some(({ properties }) => isSchema(properties))
    for (const [key, item] of Object.entries(value)) {
      const below = all.flatMap((one) => schemasFor(one, key))
      if (below.length > 0) look(item, below, path + jsonStep(key))
      else if (names && found.size < mostPaths) found.add((path + jsonStep(key)).slice(0, 200))
    }
  }

  look(document, [root], '$')
  return [...found]
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** These schemas, with all that they refer to or consist of. */
function applying(schemas: readonly unknown[], root: Schema): Schema[] {
  const all = new Set<Schema>()
  const add = (schema: unknown): void => {
    if (!isSchema(schema) || all.has(schema)) return
    all.add(schema)
    const { $ref: reference } = schema
    if (typeof reference === 'string') add(definition(reference, root))
    for (const key of alone) add(schema[key])
    for (const key of inLists) if (Array.isArray(schema[key])) (schema[key] as unknown[]).forEach(add)
  }
  schemas.forEach(add)
  return [...all]
}

/** `#/$defs/7` */
function definition(reference: string, { $defs: definitions }: Schema): unknown {
  const name = reference.replace(/^#\/\$defs\//, '')
  return isSchema(definitions) && Object.hasOwn(definitions, name) ? definitions[name] : undefined
}

function itemsOf({ items, prefixItems }: Schema, index: number): unknown[] {
  const own: unknown = Array.isArray(prefixItems) ? prefixItems[index] : undefined
  return [own ?? items].filter((one) => one !== undefined)
}

/** What a schema says of a field. Empty: nothing. */
function schemasFor(schema: Schema, key: string): unknown[] {
  const { properties, patternProperties, additionalProperties, unevaluatedProperties } = schema
  const found: unknown[] = []
  if (isSchema(properties) && Object.hasOwn(properties, key)) found.push(properties[key])
  if (isSchema(patternProperties))
    for (const [pattern, one] of Object.entries(patternProperties))
      if (patternOf(pattern).matcher(key).find()) found.push(one)
  for (const one of [additionalProperties, unevaluatedProperties])
    if (one !== undefined && one !== false && found.length === 0) found.push(one)
  return found
}
