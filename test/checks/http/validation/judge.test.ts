import { describe, expect, it } from 'vitest'
import { bundleSchema, type SchemaBundle } from '../../../../src/checks/http/validation/bundle.ts'
import { judgeSchema } from '../../../../src/checks/http/validation/judge.ts'
import { schemaProblem } from '../../../../src/checks/http/validation/validate.ts'

/** A schema of these files, the first of which is it. */
function bundle(files: Readonly<Record<string, unknown>>): SchemaBundle {
  const [first = ''] = Object.keys(files)
  return bundleSchema(first, (file) => {
    const content = files[file]
    if (content === undefined) throw new Error(`the file ${file} cannot be read: no such file`)
    return typeof content === 'string' ? content : JSON.stringify(content)
  })
}

const judge = (schema: unknown, document: unknown): string | undefined =>
  judgeSchema(document, bundle({ 'order.json': schema }))

/** A valid document, an invalid one, and what is said of that. */
const keywords: readonly (readonly [schema: object, good: unknown, bad: unknown, message: string])[] = [
  [{ type: 'string' }, 'a', 7, 'expected $ to be text (order.json), got a number'],
  [
    { type: ['integer', 'null'] },
    null,
    1.5,
    'expected $ to be a whole number or null (order.json), got a number',
  ],
  [{ type: 'boolean' }, true, 'true', 'expected $ to be true or false (order.json), got text'],
  [{ type: 'object' }, {}, [1, 2], 'expected $ to be an object (order.json), got an array of length 2'],
  [
    { required: ['id', 'total'] },
    { id: 1, total: 2 },
    { id: 1 },
    'expected $ to have the property "total" (order.json), got an object',
  ],
  [
    { properties: { a: {} }, additionalProperties: false },
    { a: 1 },
    { a: 1, b: 2 },
    'expected $ to have no property "b" (order.json), got an object',
  ],
  [
    { properties: { a: {} }, unevaluatedProperties: false },
    { a: 1 },
    { b: 2 },
    'expected $ to have no property "b" (order.json), got an object',
  ],
  [
    { dependentRequired: { card: ['cvc'] } },
    { card: 1, cvc: 2 },
    { card: 1 },
    'expected $ to have the property "cvc" next to "card" (order.json), got an object',
  ],
  [
    { propertyNames: { pattern: '^[a-z]+$' } },
    { a: 1 },
    { A: 1 },
    'expected $ to have no property with the name "A" (order.json), got an object',
  ],
  [{ enum: ['a', 'b'] }, 'a', 'c', 'expected $ to be one of ["a","b"] (order.json), got other text'],
  [{ const: 7 }, 7, 8, 'expected $ to be 7 (order.json), got another number'],
  [{ pattern: '^\\d{3}$' }, '123', '12', 'expected $ to match "^\\d{3}$" (order.json), got other text'],
  [{ format: 'email' }, 'a@example.com', 'a', 'expected $ to be a valid email (order.json), got other text'],
  [
    { format: 'date-time' },
    '2026-11-29T12:00:00Z',
    'now',
    'expected $ to be a valid date-time (order.json), got other text',
  ],
  [{ minimum: 1 }, 1, 0, 'expected $ to be at least 1 (order.json), got another number'],
  [{ maximum: 1 }, 1, 2, 'expected $ to be at most 1 (order.json), got another number'],
  [{ exclusiveMinimum: 1 }, 2, 1, 'expected $ to be more than 1 (order.json), got another number'],
  [{ exclusiveMaximum: 1 }, 0, 1, 'expected $ to be less than 1 (order.json), got another number'],
  [{ multipleOf: 0.1 }, 0.3, 0.35, 'expected $ to be a multiple of 0.1 (order.json), got another number'],
  [
    { minLength: 2 },
    '😀😀',
    'a',
    'expected $ to have at least 2 characters (order.json), got text of length 1',
  ],
  [
    { maxLength: 1 },
    '😀',
    'ab',
    'expected $ to have at most 1 characters (order.json), got text of length 2',
  ],
  [{ minItems: 1 }, [1], [], 'expected $ to have at least 1 items (order.json), got an array of length 0'],
  [{ maxItems: 1 }, [1], [1, 2], 'expected $ to have at most 1 items (order.json), got an array of length 2'],
  [
    { minProperties: 1 },
    { a: 1 },
    {},
    'expected $ to have at least 1 properties (order.json), got an object',
  ],
  [{ maxProperties: 0 }, {}, { a: 1 }, 'expected $ to have at most 0 properties (order.json), got an object'],
  [
    { uniqueItems: true },
    [1, 2],
    [1, 2, 1],
    'expected $ to have no item twice, as 0 and 2 are (order.json), got an array of length 3',
  ],
  [{ not: { type: 'null' } }, 1, null, 'expected $ to be something else (order.json), got null'],
  [
    { anyOf: [{ type: 'string' }, { type: 'null' }] },
    null,
    7,
    'expected $ to be valid against one of several schemas (order.json), got another number',
  ],
  [
    { oneOf: [{ type: 'number' }, { minimum: 5 }] },
    1,
    7,
    'expected $ to be valid against exactly one of several schemas, and not against 0 and 1 (counted from 0) (order.json), got another number',
  ],
  [{ properties: { a: false } }, {}, { a: 1 }, 'expected $.a to be absent (order.json), got another number'],
  [
    { contains: { type: 'string' } },
    [1, 'a'],
    [1],
    'expected $ to contain at least 1 valid item(s) (order.json), got an array of length 1',
  ],
]

describe('a JSON Schema', () => {
  it.each(keywords)('%j', (schema, good, bad, message) => {
    expect(judge(schema, good)).toBeUndefined()
    expect(judge(schema, bad)).toBe(message)
  })

  it('says where in the document', () => {
    const schema = {
      properties: {
        items: { items: { properties: { 'unit price': { type: 'number' }, 'a/b~c': { type: 'number' } } } },
      },
    }
    expect(judge(schema, { items: [{}, { 'unit price': 'x' }] })).toBe(
      'expected $.items[1]["unit price"] to be a number (order.json), got text',
    )
    expect(judge(schema, { items: [{ 'a/b~c': [] }] })).toMatch(
      /^expected \$\.items\[0\]\["a\/b~c"\] to be a number/,
    )
  })

  it('keeps what the document says out of the message, and long names short', () => {
    const message = judge({ additionalProperties: { const: 1 } }, { ['a'.repeat(9999)]: 'secret\nvalue' })
    expect(message).not.toContain('secret')
    expect(message!.length).toBeLessThan(500)
    expect(judge({ additionalProperties: false }, { 'a\nb': 1 })).not.toContain('\n')
  })

  it('has references to other files, relative to the file that refers', () => {
    const schema = bundle({
      'schemas/order.yaml':
        'properties:\n  to: { $ref: "common/address.json#/$defs/address" }\n  self: { $ref: "#" }\n',
      'schemas/common/address.json': {
        $defs: { address: { required: ['city'], properties: { city: { $ref: '../city.json' } } } },
      },
      'schemas/city.json': { type: 'string' },
    })
    expect(schemaProblem(schema)).toBeUndefined()
    expect(judgeSchema({ to: { city: 'Ulm' }, self: { to: { city: 'Ulm' } } }, schema)).toBeUndefined()
    expect(judgeSchema({ self: { to: { city: 1 } } }, schema)).toBe(
      'expected $.self.to.city to be text (schemas/order.yaml), got a number',
    )
  })

  it('may have an $id, by which it refers to itself and to files next to it', () => {
    const schema = bundle({
      'order.json': {
        $id: 'https://example.com/schemas/order.json',
        properties: { a: { $ref: 'https://example.com/schemas/order.json#/$defs/n' }, b: { $ref: 'b.json' } },
        $defs: { n: { type: 'number' } },
      },
      'b.json': { $id: 'https://example.com/schemas/b.json', type: 'string' },
    })
    expect(schemaProblem(schema)).toBeUndefined()
    expect(judgeSchema({ a: 1, b: 'x' }, schema)).toBeUndefined()
    expect(judgeSchema({ a: 1, b: 2 }, schema)).toBe('expected $.b to be text (order.json), got a number')
  })

  it.each<readonly [string, Readonly<Record<string, unknown>>, string]>([
    [
      'another host',
      { 'a.json': { $ref: 'https://example.com/b.json' } },
      "refers to https://example.com/b.json: only files of the configuration's folder are read",
    ],
    [
      'another folder',
      { 'a.json': { $ref: '../b.json' } },
      "../b.json is not in the configuration's folder: write a path that starts there",
    ],
    [
      'another folder, in other words',
      { 'a.json': { $ref: '%2e%2e/b.json' } },
      "/b.json is not in the configuration's folder: write a path that starts there",
    ],
    [
      'a file that is not there',
      { 'a.json': { $ref: 'b.json' } },
      'the file b.json cannot be read: no such file',
    ],
    ['a file that is broken', { 'a.json': { $ref: 'b.json' }, 'b.json': '{' }, 'b.json:1: '],
  ])('is not read with a reference to %s', (_what, files, message) => {
    expect(() => bundle(files)).toThrow(message)
  })

  it('takes what looks like a reference in an example for data', () => {
    const schema = { examples: [{ $ref: 'https://example.com/' }], const: { $ref: 'gone.json' } }
    expect(judge(schema, { $ref: 'gone.json' })).toBeUndefined()
  })

  it('is bounded', () => {
    const files = Object.fromEntries(
      Array.from({ length: 102 }, (_none, index) => [`${index}.json`, { $ref: `${index + 1}.json` }]),
    )
    expect(() => bundle(files)).toThrow('refers to more than 100 files or 2 MiB')
    expect(() => bundle({ 'a.json': { description: 'a'.repeat(2 * 2 ** 20) } })).toThrow('100 files or 2 MiB')
  })

  it.each<readonly [string, unknown, RegExp]>([
    ['an unknown type', { type: 'strng' }, /^schema is invalid: data\/type must be/],
    ['a reference to nothing', { $ref: '#/$defs/a' }, /^can't resolve reference #\/\$defs\/a from id /],
    [
      'an old draft',
      { $schema: 'http://json-schema.org/draft-04/schema#' },
      /^draft-04 of JSON Schema is too old/,
    ],
    [
      'a lookahead',
      { pattern: '^(?!a)' },
      /^the pattern "\^\(\?!a\)" is not valid in RE2, which has no lookaheads and no backreferences$/,
    ],
  ])('is refused with %s', (_what, schema, problem) => {
    expect(schemaProblem(bundle({ 'a.json': schema }))).toMatch(problem)
  })

  it.each<readonly [string, unknown]>([
    ['stands for itself', { $ref: '#' }],
    ['is one of its own alternatives', { anyOf: [{ type: 'string' }, { $ref: '#' }] }],
    [
      'stands for itself by way of others',
      {
        properties: { a: { $ref: '#/$defs/a' } },
        $defs: { a: { not: { $ref: '#/$defs/b' } }, b: { $ref: '#/$defs/a' } },
      },
    ],
  ])('is refused if it %s', (_what, schema) => {
    expect(schemaProblem(bundle({ 'a.json': schema }))).toBe(
      'its references lead in a circle, so that no value could ever be judged',
    )
  })

  it('may refer to itself for what is below', () => {
    const tree = {
      properties: { below: { items: { $ref: '#' } }, not: { $ref: '#' } },
      examples: [{ $ref: '#' }],
    }
    expect(schemaProblem(bundle({ 'a.json': tree }))).toBeUndefined()
  })

  /** Alternatives of alternatives, each of which the next one has twice. */
  const doubled = (levels: number, last: object) => ({
    $ref: '#/$defs/0',
    $defs: Object.fromEntries(
      Array.from({ length: levels + 1 }, (_none, level) => {
        const next = { $ref: `#/$defs/${level + 1}` }
        return [level, level === levels ? last : { oneOf: [next, next] }]
      }),
    ),
  })

  it('is refused with more alternatives than anybody could judge', () => {
    expect(schemaProblem(bundle({ 'a.json': doubled(40, { type: 'string' }) }))).toBe(
      'a value would be held against more than 100,000 schemas: simplify its anyOf, oneOf and allOf',
    )
    expect(schemaProblem(bundle({ 'a.json': doubled(10, { type: 'string' }) }))).toBeUndefined()
  })

  it('is given up where its alternatives multiply with each level of the document', () => {
    const below = { required: ['a'], properties: { a: { $ref: '#' } } }
    const schema = { oneOf: [{ type: 'string' }, ...Array.from({ length: 4 }, () => below)] }
    expect(schemaProblem(bundle({ 'order.json': schema }))).toBeUndefined()
    const document = Array.from({ length: 60 }).reduce<object>((inner) => ({ a: inner }), { a: 7 })
    expect(judgeSchema(document, bundle({ 'order.json': schema }), 200)).toBe(
      'expected the body to be valid (order.json), but it cannot be validated: that takes longer than 0.2 s; simplify anyOf and oneOf of the schema',
    )
  })

  it('judges patterns in linear time', () => {
    expect(judge({ pattern: '^(a+)+$' }, `${'a'.repeat(50_000)}!`)).toContain('to match "^(a+)+$"')
  })

  it('has the dialect that it names', () => {
    const tuple = { items: [{ type: 'string' }] }
    expect(judge({ $schema: 'http://json-schema.org/draft-07/schema#', ...tuple }, [1])).toContain('$[0]')
    expect(schemaProblem(bundle({ 'a.json': tuple }))).toMatch(/^schema is invalid/)
    expect(judge({ prefixItems: [{ type: 'string' }] }, [1])).toContain('$[0]')
  })
})
