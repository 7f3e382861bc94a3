import { readText } from './files.ts'

interface Schema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly required?: readonly string[]
}

interface Key {
  readonly types: Set<string>
  readonly required: Set<boolean>
}

/**
 * Every path of keys of a JSON Schema with what may be there, such as `targets[].name  string, required`. `[]` is each item of
 * a list, `*` a key that people choose, `<slack>` the variant whose `type` is slack.
 *
 * @param file From the root of the repository.
 */
export async function schemaKeys(file: string): Promise<string[]> {
  const keys = new Map<string, Key>()
  walk(JSON.parse(await readText(file)) as Schema, '', undefined, keys)
  return [...keys].map(([path, key]) => `${path}  ${describe(key)}`)
}

function describe({ types, required }: Key): string {
  const values = [...types].sort().join(' | ')
  if (!required.has(true)) return values
  return `${values}, ${required.has(false) ? 'required in some variants' : 'required'}`
}

function walk(schema: Schema, path: string, required: boolean | undefined, keys: Map<string, Key>): void {
  if (path !== '') note(schema, path, required, keys)
  for (const each of schema.anyOf ?? []) {
    const variant = each.properties?.['type']?.const
    walk(each, typeof variant === 'string' ? `${path}<${variant}>` : path, required, keys)
  }
  if (schema.items) walk(schema.items, `${path}[]`, undefined, keys)
  const below = path === '' ? '' : `${path}.`
  for (const [name, each] of Object.entries(schema.properties ?? {}))
    walk(each, below + name, schema.required?.includes(name) ?? false, keys)
  for (const [pattern, each] of Object.entries(schema.patternProperties ?? {}))
    walk(each, `${below}/${pattern}/`, undefined, keys)
  if (typeof schema.additionalProperties === 'object')
    walk(schema.additionalProperties, `${below}*`, undefined, keys)
}

function note(schema: Schema, path: string, required: boolean | undefined, keys: Map<string, Key>): void {
  const key = keys.get(path) ?? { types: new Set(), required: new Set() }
  keys.set(path, key)
  for (const type of typesOf(schema)) key.types.add(type)
  if (required !== undefined) key.required.add(required)
}

/** A value that is spelt out stands for its type. */
function typesOf({ type = [], enum: values, const: value, anyOf }: Schema): string[] {
  const spelt = values ?? (value === undefined ? [] : [value])
  if (spelt.length > 0) return spelt.map((each) => JSON.stringify(each))
  const types = [type].flat()
  return types.length === 0 && anyOf === undefined ? ['anything'] : types
}
