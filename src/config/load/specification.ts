import { dirname, join } from 'node:path'
import type { z } from 'zod'
import type { Node } from '../../checks/http/openapi/document.ts'
import { readExtensions } from '../../checks/http/openapi/operation.ts'
import { isElsewhere, readTree, shownFile } from '../../checks/http/validation/files.ts'
import { mergeSettings } from '../../settings/merge.ts'
import type { Place } from '../../settings/issues.ts'
import type { Path } from '../../settings/path.ts'
import { NotFetchedError } from '../../settings/secrets.ts'
import { keys, ValueError } from '../../settings/values/value.ts'
import { isMapping, read, type Mapping, type Part, type Reading } from '../document/parts.ts'
import { commonShape, type Settings } from '../document/schema.ts'
import { thresholdShape } from '../document/thresholds.ts'

/** The key of a specification that says what is expected of its operations, besides what they answer. */
export const extension = 'x-probity'

const { max_latency, max_error_rate, slo } = thresholdShape
const thresholds = { max_latency, max_error_rate, slo }

/** `x-probity:` of an operation, and of a specification for all of its operations. */
const extensionSchema = keys({ ...thresholds, severity: commonShape.severity })

/**
 * What a target inherits from the specification that it is compared with: what that says of all operations, then what it says of
 * this one. What is wrong with it is reported at its place.
 *
 * @param parts What the target is put together from.
 * @param file The file of the target, from whose folder on specifications are named.
 */
export function specificationParts(parts: readonly Part[], file: string, reading: Reading): Part[] {
  const { expect } = mergeSettings<Settings>(parts.map(({ settings }) => settings))
  const { openapi } = expect ?? {}
  if (typeof openapi !== 'string') return []
  return extensionsOf(openapi, reading).flatMap((node) => toPart(node, file, reading))
}

function extensionsOf(reference: string, { expander }: Reading): Node[] {
  try {
    return readExtensions(reference, extension, expander.readText)
  } catch (error) {
    // The expectation itself says what is wrong.
    if (error instanceof ValueError || error instanceof NotFetchedError) return []
    throw error
  }
}

function toPart({ file: name, pointer, value }: Node, file: string, reading: Reading): Part[] {
  const shown = isElsewhere(name) ? shownFile(name) : join(dirname(file), name)
  const tree = readTree(name, reading.expander.readText)
  const place: Place = { source: { file: shown, tree }, at: stepsOf(pointer) }
  const { issues } = reading
  // The author of a specification may not read the environment of this process.
  const expander = { ...reading.expander, expand: (text: string) => ({ value: text, insertions: [] }) }
  const result = read<z.output<typeof extensionSchema>>(extensionSchema, value, place, {
    ...reading,
    expander,
  })
  if (!result.value || !isMapping(result.sound)) return []
  const written = arranged(result.sound)
  const { severity, ...expect } = result.value
  return [
    {
      settings: { ...(severity && { severity }), expect },
      written,
      has: (key) => Object.hasOwn(written, key),
      report: (path, message) => {
        issues.add(place, flat(path), 'value', message)
      },
      ...(reading.origins && {
        place: {
          ...place,
          source: {
            ...place.source,
            tree: {
              ...tree,
              locate: (path, part) => tree.locate([...place.at, ...flat(path.slice(place.at.length))], part),
            },
          },
        },
      }),
    },
  ]
}

/** As the keys of a target are arranged. */
function arranged(found: Mapping): Mapping {
  const { severity, ...expect } = found
  return {
    ...(severity !== undefined && { severity }),
    ...(Object.keys(expect).length > 0 && { expect }),
  }
}

/** As those of the extension are. */
function flat(path: Path): Path {
  return path[0] === 'expect' ? path.slice(1) : path
}

function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}
