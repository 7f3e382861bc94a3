import { ValueError } from '../../../settings/values/value.ts'
import type { ReadText } from '../../kind.ts'
import { besides, isElsewhere, placeOf, readDocument, shownFile } from '../validation/files.ts'

/** A mapping of a document. */
export type Mapping = Readonly<Record<string, unknown>>

/** A value of a specification, and the file that it stands in. */
export interface Node {
  readonly value: unknown
  readonly file: string
  /** The JSON Pointer to it. The same value has the same file and pointer. */
  readonly pointer: string
}

/** A specification, and the files that it refers to. */
export interface Specification {
  readonly root: Node & { readonly value: Mapping }
  /** Whether it is of version 3.0, whose schemas are not quite those of JSON Schema. */
  readonly isOld: boolean
  /** What stands at a key of a mapping, or at an index of a list, even if that is a reference. */
  readonly child: (node: Node, key: string) => Node | undefined
  /** What stands at a key or an index; references are followed. Nothing where there is none. @throws ValueError */
  readonly at: (node: Node, key: string) => Node | undefined
  /** What a reference in a file leads to. @throws ValueError */
  readonly follow: (reference: string, file: string) => Node
}

/** References in a row: more of them are a circle. */
const mostHops = 50

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Reads a specification.
 *
 * @param file From the folder of the configuration on, or a URL.
 * @throws ValueError; NotFetchedError as `readDocument`
 */
export function readSpecification(file: string, readText: ReadText): Specification {
  const isRemote = isElsewhere(file)
  const place = isRemote ? file : placeOf(file)
  const value = readDocument(place, readText)
  const version = isMapping(value) ? value['openapi'] : undefined
  if (!isMapping(value) || typeof version !== 'string' || !/^3\.[01]\b/.test(version)) {
    const found =
      isMapping(value) && 'swagger' in value ? ': it is Swagger 2, which converters turn into 3.0' : ''
    throw new ValueError(`${shownFile(file)} is not an OpenAPI specification of version 3.0 or 3.1${found}`)
  }

  function follow(reference: string, from: string): Node {
    const [path = '', fragment = ''] = reference.split('#')
    if (isRemote && path !== '')
      throw new ValueError(
        `refers to ${reference.slice(0, 200)}: a specification from a URL must be one file, in which everything is`,
      )
    if (isElsewhere(path))
      throw new ValueError(
        `refers to ${reference.slice(0, 200)}: only files of the configuration's folder are read`,
      )
    const origin = path === '' ? from : besides(from, path)
    const found = valueAt(readDocument(origin, readText), fragment)
    if (found === undefined) throw new ValueError(`refers to ${reference.slice(0, 200)}, which is not there`)
    return { value: found, file: origin, pointer: fragment }
  }

  function child({ value: parent, file: from, pointer }: Node, key: string): Node | undefined {
    const holds = typeof parent === 'object' && parent !== null && Object.hasOwn(parent, key)
    const found = holds ? (parent as Mapping)[key] : undefined
    return found === undefined
      ? undefined
      : { value: found, file: from, pointer: `${pointer}/${escaped(key)}` }
  }

  return {
    root: { value, file: place, pointer: '' },
    isOld: version.startsWith('3.0'),
    follow,
    child,
    at(node, key) {
      let found = child(node, key)
      for (let hops = 0; isMapping(found?.value) && typeof found.value['$ref'] === 'string'; hops++) {
        if (hops === mostHops)
          throw new ValueError(`refers in a circle: ${found.value['$ref'].slice(0, 200)}`)
        found = follow(found.value['$ref'], found.file)
      }
      return found
    },
  }
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}

function valueAt(document: unknown, fragment: string): unknown {
  const steps = decodeURIComponentOrNot(fragment).split('/').slice(1)
  return steps.reduce<unknown>((value, step) => {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~')
    const holds = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    return holds ? (value as Mapping)[key] : undefined
  }, document)
}

function decodeURIComponentOrNot(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
