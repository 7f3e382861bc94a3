import { z } from 'zod'

/** So many different sets of keys hardly any file has. */
const maxKnown = 500

const known = new WeakMap<z.ZodType, Map<string, z.ZodType>>()

/**
 * The schema without the keys that a value does not have. A schema of a target has more than a hundred keys, all of them
 * optional, and looks at each of them in each target; a target has a few, mostly those that its neighbours have too.
 *
 * @returns A schema that gives the same for sound values. It says less about what is wrong with others.
 */
export function narrowTo<T>(schema: z.ZodType<T>, value: unknown): z.ZodType<T> {
  const keys = keysOf(schema, value)
  if (keys === undefined) return schema
  const narrowed = known.get(schema) ?? new Map<string, z.ZodType>()
  if (narrowed.size > maxKnown) narrowed.clear()
  known.set(schema, narrowed)
  const found = narrowed.get(keys) ?? narrow(schema, value)
  narrowed.set(keys, found)
  return found as z.ZodType<T>
}

/** Which keys there are, down to the objects in objects; nothing for what cannot be narrowed. */
function keysOf(schema: z.ZodType, value: unknown): string | undefined {
  const object = objectOf(schema)
  if (object === undefined || !isObject(value)) return undefined
  const keys: string[] = []
  for (const key in value) {
    const inner = object.shape[key]
    // The whole schema knows what to say.
    if (inner === undefined) return undefined
    keys.push(`${key}{${keysOf(inner, value[key]) ?? ''}}`)
  }
  return keys.join()
}

function narrow(schema: z.ZodType, value: unknown): z.ZodType {
  const object = objectOf(schema)
  if (object === undefined || !isObject(value)) return schema
  const shape = Object.entries(object.shape).flatMap(([key, inner]): [string, z.ZodType][] =>
    key in value ? [[key, narrow(inner, value[key])]] : mayBeLeftOut(inner) ? [] : [[key, inner]],
  )
  return z.strictObject(Object.fromEntries(shape))
}

/** A key that is absent, and stays so: it is neither required nor has it a default. */
function mayBeLeftOut(schema: z.ZodType): boolean {
  const absent = schema.safeParse(undefined)
  return absent.success && absent.data === undefined
}

type AnyObject = z.ZodObject<Readonly<Record<string, z.ZodType>>>

/** What checks the whole of a value must see the whole. */
function objectOf(schema: z.ZodType): AnyObject | undefined {
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema
  if (!(inner instanceof z.ZodObject)) return undefined
  const object = inner as AnyObject
  return (object.def.checks ?? []).length > 0 ? undefined : object
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
