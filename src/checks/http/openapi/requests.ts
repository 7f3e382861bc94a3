import type { ReadText } from '../../kind.ts'
import { isMapping, readSpecification, type Node, type Specification } from './document.ts'
import { operationsOf, type Found } from './operation.ts'

/** An operation, and how it can be tried. */
export interface DescribedOperation {
  /** Its `operationId`, or `GET /pets/{id}`. */
  readonly id: string
  /** In upper case. */
  readonly method: string
  /** As it is written: `/pets/{id}`. */
  readonly path: string
  /** Absent where the operation changes something, or wants a value of which the specification has neither an example nor a default. */
  readonly request?: ExampleRequest
}

export interface ExampleRequest {
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

/** Methods that change nothing. */
const safe = new Set(['GET', 'HEAD'])

/** Headers that parameters do not describe (OpenAPI 3.1, Parameter Object). */
const notParameters = new Set(['accept', 'content-type', 'authorization'])

/**
 * Reads all operations of a specification, those with the more specific paths first: `/pets/mine`, then `/pets/{id}`.
 *
 * @throws ValueError; NotFetchedError where it comes from a URL, and is not there yet.
 */
export function describeOperations(file: string, readText: ReadText): DescribedOperation[] {
  const specification = readSpecification(file, readText)
  // A template sorts after everything that may stand in its place.
  const rank = ({ path }: Found): string => path.replaceAll(/\{[^{}]*\}/g, '\uffff')
  return operationsOf(specification)
    .toSorted((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0))
    .map((found) => {
      const request = safe.has(found.method) ? exampleRequest(found, specification) : undefined
      const { id = found.place, method, path } = found
      return { id, method, path, ...(request && { request }) }
    })
}

type Place = 'path' | 'query' | 'header' | 'cookie'

interface Parameter {
  readonly name: string
  readonly in: Place
  readonly required: boolean
  /** One text, or several. Absent where the specification has none that can be sent. */
  readonly values?: readonly string[]
  /** Whether each of several values is sent separately. */
  readonly explode: boolean
}

function exampleRequest(found: Found, specification: Specification): ExampleRequest | undefined {
  const parameters = parametersOf(found, specification).filter((one) => one.required)
  if (parameters.some(({ values }) => !values)) return undefined
  const of = (place: Place): Parameter[] => parameters.filter((one) => one.in === place)
  const joined = ({ values = [] }: Parameter): string => values.map(encodeURIComponent).join(',')
  const path = of('path').reduce(
    (text, parameter) => text.replaceAll(`{${parameter.name}}`, () => joined(parameter)),
    found.path,
  )
  // A parameter that nothing describes.
  if (/[{}]/.test(path)) return undefined
  const query = of('query').flatMap((parameter) => {
    const name = encodeURIComponent(parameter.name)
    const { explode, values = [] } = parameter
    return explode
      ? values.map((value) => `${name}=${encodeURIComponent(value)}`)
      : [`${name}=${joined(parameter)}`]
  })
  const cookies = of('cookie').map((parameter) => `${parameter.name}=${joined(parameter)}`)
  const headers = of('header').map(({ name, values = [] }) => [name, values.join(',')] as const)
  return {
    path: query.length === 0 ? path : `${path}?${query.join('&')}`,
    headers: {
      ...Object.fromEntries(headers),
      ...(cookies.length > 0 && { Cookie: cookies.join('; ') }),
    },
  }
}

/** Those of the path, unless the operation has its own of the same name. */
function parametersOf({ item, node }: Found, specification: Specification): Parameter[] {
  const all = [item, node].flatMap((owner) => {
    const list = specification.at(owner, 'parameters')
    if (!list || !Array.isArray(list.value)) return []
    return list.value.flatMap((_one, index) => {
      const found = specification.at(list, String(index))
      return (found && parameterOf(found, specification)) ?? []
    })
  })
  return [...new Map(all.map((one) => [`${one.in} ${one.name}`, one])).values()]
}

function parameterOf(node: Node, specification: Specification): Parameter | undefined {
  const { value } = node
  if (!isMapping(value)) return undefined
  const { name, in: place, required, explode, style } = value
  if (typeof name !== 'string' || !isPlace(place)) return undefined
  if (place === 'header' && notParameters.has(name.toLowerCase())) return undefined
  const isUsual =
    style === undefined || style === (place === 'query' || place === 'cookie' ? 'form' : 'simple')
  const values = isUsual ? textsOf(exampleOf(node, specification)) : undefined
  return {
    name,
    in: place,
    required: required === true || place === 'path',
    explode: explode !== false && place === 'query',
    ...(values && { values }),
  }
}

function isPlace(place: unknown): place is Place {
  return place === 'path' || place === 'query' || place === 'header' || place === 'cookie'
}

/** The first of what a specification has as an example or a default. */
function exampleOf(node: Node, { at }: Specification): unknown {
  const schema = at(node, 'schema')
  const named = at(node, 'examples')
  const [first] = named && isMapping(named.value) ? Object.keys(named.value) : []
  const found = [
    at(node, 'example'),
    named && first !== undefined ? at(at(named, first) ?? named, 'value') : undefined,
    schema && at(schema, 'example'),
    schema && at(at(schema, 'examples') ?? schema, '0'),
    schema && at(schema, 'default'),
  ]
  return found.find((one) => one !== undefined)?.value
}

function textsOf(value: unknown): string[] | undefined {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value]
  const texts = all.flatMap((one) =>
    typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean' ? [String(one)] : [],
  )
  return texts.length === all.length && texts.length > 0 && !texts.includes('') ? texts : undefined
}
