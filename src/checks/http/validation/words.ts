import type { ErrorObject } from 'ajv'
import { clip, quote } from '../body/quote.ts'
import { oneLine } from '../../../lib/text/text.ts'

/**
 * Says what of a document is not as a schema has it, and where: `expected $.items[3].price to be a number (order.json), got text`.
 * What the document says stays out of it, apart from names.
 *
 * @param what Of what it is. Default: of a document.
 */
export function schemaWords(
  { instancePath, keyword, params, message = '' }: ErrorObject,
  document: unknown,
  name: string,
  what = '$',
): string {
  const value = valueAt(document, instancePath)
  const words = Object.hasOwn(says, keyword) ? says[keyword]?.(params as Params) : undefined
  return `expected ${jsonPath(instancePath, what)} to ${words ?? clip(oneLine(message).replace(/^must /, ''))} (${name}), got ${kindOf(value, keyword)}`
}

type Params = Readonly<Record<string, unknown>>

const text = (value: unknown): string =>
  clip(oneLine(typeof value === 'string' ? value : JSON.stringify(value)))
const named = (value: unknown): string => quote(oneLine(String(value)))
const size =
  (what: string, bound: string) =>
  ({ limit }: Params) =>
    `have ${bound} ${text(limit)} ${what}`

const comparisons: Readonly<Record<string, string>> = {
  '<=': 'at most',
  '>=': 'at least',
  '<': 'less than',
  '>': 'more than',
}
const compared = ({ comparison, limit }: Params): string =>
  `be ${comparisons[String(comparison)] ?? ''} ${text(limit)}`

/** With the words that people have for the types of JSON. */
const types: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
  null: 'null',
}
const typeWords = (type: unknown): string =>
  [type]
    .flat()
    .flatMap((one) => String(one).split(','))
    .map((one) => types[one] ?? one)
    .join(' or ')

/** What comes after "expected PATH to", by keyword; ajv's own words for all others. */
const says: Readonly<Record<string, (params: Params) => string>> = {
  type: ({ type }) => `be ${typeWords(type)}`,
  required: ({ missingProperty }) => `have the property ${named(missingProperty)}`,
  dependentRequired: ({ property, missingProperty }) =>
    `have the property ${named(missingProperty)} next to ${named(property)}`,
  additionalProperties: ({ additionalProperty }) => `have no property ${named(additionalProperty)}`,
  unevaluatedProperties: ({ unevaluatedProperty }) => `have no property ${named(unevaluatedProperty)}`,
  propertyNames: ({ propertyName }) => `have no property with the name ${named(propertyName)}`,
  enum: ({ allowedValues }) => `be one of ${text(allowedValues)}`,
  const: ({ allowedValue }) => `be ${text(allowedValue === undefined ? null : JSON.stringify(allowedValue))}`,
  pattern: ({ pattern }) => `match ${named(pattern)}`,
  format: ({ format }) => `be a valid ${text(format)}`,
  minimum: compared,
  maximum: compared,
  exclusiveMinimum: compared,
  exclusiveMaximum: compared,
  multipleOf: ({ multipleOf }) => `be a multiple of ${text(multipleOf)}`,
  minLength: size('characters', 'at least'),
  maxLength: size('characters', 'at most'),
  minItems: size('items', 'at least'),
  maxItems: size('items', 'at most'),
  minProperties: size('properties', 'at least'),
  maxProperties: size('properties', 'at most'),
  uniqueItems: ({ i, j }) => `have no item twice, as ${text(j)} and ${text(i)} are`,
  not: () => 'be something else',
  anyOf: () => 'be valid against one of several schemas',
  oneOf: ({ passingSchemas }) =>
    passingSchemas === null
      ? 'be valid against one of several schemas'
      : `be valid against exactly one of several schemas, and not against ${[passingSchemas].flat().map(text).join(' and ')} (counted from 0)`,
  'false schema': () => 'be absent',
}

function kindOf(value: unknown, keyword: string): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `an array of length ${value.length}`
  if (typeof value === 'string')
    return /length/i.test(keyword)
      ? `text of length ${Array.from(value).length}`
      : keyword === 'type'
        ? 'text'
        : 'other text'
  if (typeof value === 'number') return keyword === 'type' ? 'a number' : 'another number'
  if (typeof value === 'object') return 'an object'
  return typeof value === 'boolean' ? 'a boolean' : 'nothing'
}

function valueAt(document: unknown, pointer: string): unknown {
  return steps(pointer).reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null
        ? (value as Readonly<Record<string, unknown>>)[step]
        : undefined,
    document,
  )
}

function steps(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** A JSON Pointer as the JSONPaths of `expect.json` are written. */
function jsonPath(pointer: string, root: string): string {
  const path = steps(pointer).map((step) => (/^\d+$/.test(step) ? `[${step}]` : jsonStep(step)))
  return `${root}${path.join('')}`.slice(0, 300)
}

/** A name as a step of a JSONPath. */
export function jsonStep(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(oneLine(name))}]`
}
