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
    if (!Object.hasOwn(object.shape, key) || inner === undefined) return undefined
    keys.push(`${key}{${keysOf(inner, value[key]) ?? ''}}`)
  }
  return keys.join()
}

function narrow(schema: z.ZodType, value: unknown): z.ZodType {
  const object = objectOf(schema)
  // Without a list of keys, there is one that the schema does not have.
  if (object === undefined || !isObject(value) || keysOf(schema, value) === undefined) return schema
  return z.strictObject(
    Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, narrow(object.shape[key] ?? z.never(), item)]),
    ),
  )
}

type AnyObject = z.ZodObject<Readonly<Record<string, z.ZodType>>>

const objects = new WeakMap<z.ZodType, AnyObject | false>()

/** An object all of whose keys may be missing. */
function objectOf(schema: z.ZodType): AnyObject | undefined {
  const before = objects.get(schema)
  const object = before ?? findObject(schema)
  if (before === undefined) objects.set(schema, object)
  return object === false ? undefined : object
}

function findObject(schema: z.ZodType): AnyObject | false {
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema
  if (!(inner instanceof z.ZodObject)) return false
  const object = inner as AnyObject
  // A check of the whole value must see the whole, and a default must be given.
  const isWhole = (object.def.checks ?? []).length > 0
  return !isWhole && Object.values(object.shape).every((key) => key instanceof z.ZodOptional) && object
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
