import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLObjectType,
  GraphQLOutputType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql'
import type { GraphqlLibrary } from './library.ts'

/** A JSON Schema. */
type Json = Readonly<Record<string, unknown>>

/** A query that fits its schema. */
export interface Query {
  readonly schema: GraphQLSchema
  readonly operation: OperationDefinitionNode
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
}

/** The fields that are selected under one name. */
interface Selected {
  readonly fields: FieldNode[]
  /** Whether it may be missing, because of `@skip` or `@include`. */
  optional: boolean
}

/** The scalars of the language: https://spec.graphql.org/October2021/#sec-Scalars. Others may be anything. */
const scalars: Readonly<Record<string, Json>> = {
  Int: { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  Float: { type: 'number' },
  String: { type: 'string' },
  Boolean: { type: 'boolean' },
  ID: { type: ['string', 'integer'] },
}

/**
 * What the response to a query is like, as a JSON Schema.
 *
 * @param mayFail Whether the response may have no data, because of errors.
 */
export function answerSchema(
  { schema, operation, fragments }: Query,
  { mayFail }: { readonly mayFail: boolean },
  lib: GraphqlLibrary,
): Json {
  /** The fields of some selections that apply to an object of a type, by the names that they have in the response. */
  function collect(
    type: GraphQLObjectType,
    sets: readonly SelectionSetNode[],
    into = new Map<string, Selected>(),
    optional = false,
  ): Map<string, Selected> {
    for (const { selections } of sets) {
      for (const selection of selections) {
        const isOptional =
          optional ||
          (selection.directives ?? []).some(({ name }) => name.value === 'skip' || name.value === 'include')
        if (selection.kind === lib.Kind.FIELD) {
          const name = selection.alias?.value ?? selection.name.value
          const known = into.get(name)
          if (!known) into.set(name, { fields: [selection], optional: isOptional })
          else {
            known.fields.push(selection)
            known.optional &&= isOptional
          }
          continue
        }
        const fragment =
          selection.kind === lib.Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection
        if (fragment && applies(fragment.typeCondition?.name.value, type))
          collect(type, [fragment.selectionSet], into, isOptional)
      }
    }
    return into
  }

  function applies(condition: string | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition === type.name) return true
    const wanted = schema.getType(condition)
    return lib.isAbstractType(wanted) && schema.isSubType(wanted, type)
  }

  function objectOf(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): Json {
    const properties: Record<string, Json> = {}
    const required: string[] = []
    for (const [name, { fields, optional }] of collect(type, sets)) {
      const [first] = fields
      const field = type.getFields()[first?.name.value ?? '']
      properties[name] =
        first?.name.value === '__typename'
          ? { const: type.name }
          : field
            ? valueOf(
                field.type,
                fields.flatMap(({ selectionSet }) => selectionSet ?? []),
              )
            : {}
      if (!optional) required.push(name)
    }
    return { properties, required }
  }

  function valueOf(type: GraphQLOutputType, sets: readonly SelectionSetNode[], nullable = true): Json {
    if (lib.isNonNullType(type)) return valueOf(type.ofType, sets, false)
    const typed = (name: string) => ({ type: nullable ? [name, 'null'] : name })
    if (lib.isListType(type)) return { ...typed('array'), items: valueOf(type.ofType, sets) }
    if (lib.isObjectType(type)) return { ...typed('object'), ...objectOf(type, sets) }
    if (lib.isAbstractType(type)) {
      const all = schema.getPossibleTypes(type).map((possible) => objectOf(possible, sets))
      const different = [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]
      return { ...typed('object'), ...(different.length === 1 ? different[0] : { anyOf: different }) }
    }
    if (lib.isEnumType(type)) {
      const names: (string | null)[] = type.getValues().map(({ name }) => name)
      return { enum: nullable ? [...names, null] : names }
    }
    const { type: own, ...bounds } = scalars[type.name] ?? {}
    if (own === undefined) return {}
    return { type: nullable ? [own, 'null'].flat() : own, ...bounds }
  }

  const root = schema.getRootType(operation.operation)
  const data = root ? objectOf(root, [operation.selectionSet]) : {}
  return {
    type: 'object',
    properties: { data: { type: mayFail ? ['object', 'null'] : 'object', ...data } },
    ...(!mayFail && { required: ['data'] }),
  }
}
