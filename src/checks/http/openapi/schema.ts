import { ValueError } from '../../../settings/values/value.ts'
import { toBundle, type SchemaBundle } from '../validation/bundle.ts'
import { isMapping, type Mapping, type Node, type Specification } from './document.ts'

/** Keys below which are schemas: by name, in a list, or one. Everything else is copied. */
const byName = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'])
const inLists = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])
const alone = new Set([
  'items',
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'propertyNames',
  'contains',
  'not',
  'if',
  'then',
  'else',
])

const uri = 'file:///schema'

/** Of one schema: it is validated and sent to threads. */
const mostCharacters = 2 * 2 ** 20

/**
 * A schema of a specification as a JSON Schema that stands alone, with what it refers to and nothing else of the specification.
 *
 * @param name What it is called in messages.
 * @throws ValueError
 */
export function schemaOf(name: string, node: Node, { follow, isOld }: Specification): SchemaBundle {
  const numbers = new Map<string, number>()
  const wanted: Node[] = []
  const definitions: Record<string, unknown> = {}

  function numberOf(target: Node): number {
    const key = `${target.file}#${target.pointer}`
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, numbers.size)
    wanted.push(target)
    return numbers.size - 1
  }

  function converted(schema: unknown, file: string): unknown {
    if (!isMapping(schema)) return schema
    const { $ref: reference, ...others } = schema
    const own = Object.fromEntries(
      Object.entries(others).map(([key, value]): [string, unknown] => {
        if (byName.has(key) && isMapping(value)) return [key, mapped(value, file)]
        if (inLists.has(key) && Array.isArray(value)) return [key, value.map((item) => converted(item, file))]
        return [key, alone.has(key) ? converted(value, file) : value]
      }),
    )
    if (typeof reference !== 'string') return answered(isOld ? modern(own) : withoutStray(own))
    const pointer = { $ref: `#/$defs/${numberOf(follow(reference, file))}` }
    // In 3.0, what stands next to a reference means nothing.
    return isOld ? pointer : { ...answered(withoutStray(own)), ...pointer }
  }

  function mapped(schemas: Mapping, file: string): Mapping {
    return Object.fromEntries(Object.entries(schemas).map(([key, item]) => [key, converted(item, file)]))
  }

  const root = numberOf(node)
  for (let next = wanted.shift(), number = 0; next; next = wanted.shift(), number++)
    definitions[number] = converted(next.value, next.file)
  const document = JSON.stringify({ $ref: `#/$defs/${root}`, $defs: definitions })
  if (document.length > mostCharacters)
    throw new ValueError(`a schema of ${name} has more than 2 MiB, with all that it refers to`)
  return toBundle(name, uri, [[uri, document]])
}

/** What version 3.0 has that JSON Schema has not. */
function modern(schema: Mapping): Mapping {
  const { nullable, exclusiveMinimum, exclusiveMaximum, ...rest } = schema
  const others: Record<string, unknown> = rest
  const { type, enum: values, minimum, maximum } = others
  const isNullable = nullable === true && typeof type === 'string'
  const low = bounds('Minimum', minimum, exclusiveMinimum)
  const high = bounds('Maximum', maximum, exclusiveMaximum)
  if ('exclusiveMinimum' in low) delete others['minimum']
  if ('exclusiveMaximum' in high) delete others['maximum']
  return {
    ...others,
    ...low,
    ...high,
    ...(isNullable && { type: [type, 'null'] }),
    ...(isNullable &&
      Array.isArray(values) &&
      !values.includes(null) && { enum: [...(values as unknown[]), null] }),
  }
}

/** Specifications of 3.1 have kept the `nullable` of 3.0. The validator knows it next to a type, and refuses it elsewhere. */
function withoutStray(schema: Mapping): Mapping {
  const { nullable: _nullable, ...others } = schema
  return 'nullable' in schema && !('type' in schema) ? others : schema
}

function bounds(name: 'Minimum' | 'Maximum', limit: unknown, exclusive: unknown): Mapping {
  return exclusive === true && limit !== undefined ? { [`exclusive${name}`]: limit } : {}
}

/** What is only sent cannot be missing from an answer. */
function answered(schema: Mapping): Mapping {
  const { required, properties } = schema
  if (!Array.isArray(required) || !isMapping(properties)) return schema
  const isSent = (name: unknown): boolean => {
    const property = typeof name === 'string' ? properties[name] : undefined
    return isMapping(property) && property['writeOnly'] === true
  }
  return { ...schema, required: (required as unknown[]).filter((name) => !isSent(name)) }
}
