import { didYouMean } from '../../../settings/values/closest.ts'
import { ValueError } from '../../../settings/values/value.ts'
import type { ReadText } from '../../kind.ts'
import type { SchemaBundle } from '../validation/bundle.ts'
import { shownFile } from '../validation/files.ts'
import { schemaProblem } from '../validation/validate.ts'
import { isMapping, readSpecification, type Node, type Specification } from './document.ts'
import { schemaOf } from './schema.ts'

/** What a specification says of the answers of one operation. It can be sent to a thread. */
export interface Operation {
  /** As it was written: `petstore.yaml#listPets`. */
  readonly name: string
  /** In upper case. */
  readonly method: string
  readonly responses: readonly OperationResponse[]
}

export interface OperationResponse {
  /** `200`, `2XX` or `default`. */
  readonly status: string
  readonly headers: readonly OperationHeader[]
  /** Empty: nothing is said of the body. */
  readonly content: readonly OperationContent[]
}

export interface OperationHeader {
  readonly name: string
  readonly required: boolean
  readonly schema?: SchemaBundle
}

export interface OperationContent {
  /** In lower case, without parameters: `application/json`, `text/*`. */
  readonly type: string
  /** Absent where nothing is said, or where it is not JSON. */
  readonly schema?: SchemaBundle
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

/**
 * Reads what a specification says of an operation.
 *
 * @param reference `FILE#OPERATION_ID` or `FILE#METHOD /path`; the file may be a URL.
 * @throws ValueError; NotFetchedError where it comes from a URL, and is not there yet
 */
export function readOperation(reference: string, readText: ReadText): Operation {
  const { specification, found, name } = findOperation(reference, readText)
  const { at } = specification
  const responses = at(found.node, 'responses')
  const names = isMapping(responses?.value) ? Object.keys(responses.value) : []
  return {
    name,
    method: found.method,
    responses: names.flatMap((status) => {
      const response = responses && !status.startsWith('x-') ? at(responses, status) : undefined
      return response ? [toResponse(status, response, name, specification)] : []
    }),
  }
}

/**
 * Reads an extension of a specification, such as `x-probity`: that of the specification as a whole, then that of an operation.
 *
 * @param reference As for `readOperation`.
 * @throws as `readOperation`
 */
export function readExtensions(reference: string, key: string, readText: ReadText): Node[] {
  const { specification, found } = findOperation(reference, readText)
  return [specification.root, found.node].flatMap((node) => specification.at(node, key) ?? [])
}

function findOperation(reference: string, readText: ReadText) {
  const [file = '', wanted = ''] = reference.split(/#(.*)/s)
  const name = `${shownFile(file)}#${wanted}`
  if (file === '' || wanted === '')
    throw new ValueError(
      'expected a file and an operation, such as petstore.yaml#listPets or "petstore.yaml#GET /pets/{id}"',
    )
  const specification = readSpecification(file, readText)
  const all = operationsOf(specification)
  const found = all.find(({ id, place }) => id === wanted || place === wanted)
  if (found) return { specification, found, name }
  const known = all.flatMap(({ id, place }) => id ?? place)
  const some = known.slice(0, 10).join(', ') + (known.length > 10 ? ` and ${known.length - 10} more` : '')
  throw new ValueError(
    `${shownFile(file)} has no operation ${wanted}${didYouMean(wanted, known) || `: it has ${some}`}`,
  )
}

/** An operation as it stands in a specification. */
export interface Found {
  readonly id?: string
  /** As it is written: `/pets/{id}`. */
  readonly path: string
  /** What stands at the path, for all of its operations. */
  readonly item: Node
  /** `GET /pets/{id}` */
  readonly place: string
  readonly method: string
  readonly node: Node
}

/** Those of specifications that are one file: hundreds of targets may be about the same one. */
const known = new WeakMap<object, readonly Found[]>()

/** Every operation of a specification, in its order. */
export function operationsOf(specification: Specification): readonly Found[] {
  const { root, at } = specification
  const before = known.get(root.value)
  if (before) return before
  const found = findOperations(at(root, 'paths'), at)
  const isOneFile = found.every(({ item, node }) => item.file === root.file && node.file === root.file)
  if (isOneFile) known.set(root.value, found)
  return found
}

function findOperations(paths: Node | undefined, at: Specification['at']): Found[] {
  if (!paths || !isMapping(paths.value)) return []
  return Object.keys(paths.value).flatMap((path) => {
    const item = at(paths, path)
    return methods.flatMap((method): Found[] => {
      const node = item && at(item, method)
      if (!node || !isMapping(node.value)) return []
      const id = node.value['operationId']
      const upper = method.toUpperCase()
      return [
        {
          ...{ place: `${upper} ${path}`, path, item, method: upper, node },
          ...(typeof id === 'string' && { id }),
        },
      ]
    })
  })
}

function toResponse(
  status: string,
  response: Node,
  name: string,
  specification: Specification,
): OperationResponse {
  const { at } = specification
  const below = (key: string): (readonly [string, Node])[] => {
    const node = at(response, key)
    if (!node || !isMapping(node.value)) return []
    return Object.keys(node.value).flatMap((child) => {
      const found = at(node, child)
      return found ? [[child, found] as const] : []
    })
  }
  return {
    status: status.toUpperCase() === 'DEFAULT' ? 'default' : status.toUpperCase(),
    headers: below('headers').map(([header, node]) => ({
      name: header.toLowerCase(),
      required: isMapping(node.value) && node.value['required'] === true,
      ...schemaIn(node, name, specification),
    })),
    content: below('content').map(([type, node]) => {
      const essence = type.toLowerCase().split(';', 1)[0]?.trim() ?? ''
      return { type: essence, ...(isJson(essence) && schemaIn(node, name, specification)) }
    }),
  }
}

/** Whether bodies of this type, or of one that it stands for, are JSON. */
export function isJson(type: string): boolean {
  return /^(?:application|text)\/(?:[^;]+\+)?json$/.test(type) || type === '*/*' || type === 'application/*'
}

function schemaIn(node: Node, name: string, specification: Specification): { schema?: SchemaBundle } {
  // Keys next to a reference count, too.
  const own = specification.child(node, 'schema')
  if (!own) return {}
  const schema = schemaOf(name, own, specification)
  const problem = schemaProblem(schema)
  if (problem !== undefined) throw new ValueError(`a schema of ${name} is not valid: ${problem}`)
  return { schema }
}
