import { describe, expect, it } from 'vitest'
import { unknownFields } from '../../../../src/checks/http/validation/unknown-fields.ts'

const find = (schema: object, document: unknown): string[] =>
  unknownFields(document, { documents: [['file:///schema', JSON.stringify(schema)]] })

const a = { properties: { a: {} } }

describe('a field that no schema names', () => {
  it.each<readonly [string, object, unknown, string[]]>([
    ['at the top', a, { a: 1, b: 2 }, ['$.b']],
    ['with a name that is no word', a, { 'a b': 1, 'x\ny': 2 }, ['$["a b"]', '$["x y"]']],
    ['below', { properties: { a } }, { a: { a: 1, c: 2 } }, ['$.a.c']],
    ['in a list, once', { items: a }, [{ b: 1 }, { b: 2 }, { a: { b: 3 } }], ['$[*].b']],
    [
      'in a tuple',
      { prefixItems: [{}, a], items: { properties: { z: {} } } },
      [{ b: 1 }, { b: 1 }, { b: 1 }],
      ['$[*].b'],
    ],
    [
      'behind a reference, to itself too',
      { $ref: '#/$defs/0', $defs: { 0: { properties: { next: { $ref: '#/$defs/0' } } } } },
      { next: { next: { other: 1 } } },
      ['$.next.next.other'],
    ],
    ['of several schemas', { allOf: [a, { properties: { b: {} } }] }, { a: 1, b: 2, c: 3 }, ['$.c']],
    [
      'of alternatives, each of which is known',
      {
        anyOf: [a, { properties: { b: {} } }],
        oneOf: [{ properties: { c: {} } }],
        if: {},
        then: { properties: { d: {} } },
      },
      { a: 1, b: 2, c: 3, d: 4, e: 5 },
      ['$.e'],
    ],
    ['in what other names are for', { additionalProperties: a }, { x: { b: 1 } }, ['$.x.b']],
    ['unless it may have any', { ...a, additionalProperties: true }, { b: 1 }, []],
    [
      'unless its name is of a kind that is named',
      { ...a, patternProperties: { '^x-': a } },
      { 'x-b': { c: 1 }, y: 2 },
      ['$["x-b"].c', '$.y'],
    ],
    ['unless no field is named', { type: 'object' }, { b: { c: 1 } }, []],
    ['unless there is no schema', {}, { b: 1 }, []],
    ['not in a text', a, 'b', []],
  ])('%s', (_what, schema, document, fields) => {
    expect(find(schema, document)).toEqual(fields)
  })

  it('is one of at most 20, whose names are cut', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_none, index) => [`b${index}`, 1]))
    expect(find(a, many)).toHaveLength(20)
    expect(find(a, { ['b'.repeat(5000)]: 1 })[0]?.length).toBe(200)
  })

  it('is looked for within bounds', () => {
    const twice = { anyOf: [{ $ref: '#/$defs/0' }, { $ref: '#/$defs/0' }] }
    const schema = { $ref: '#/$defs/0', $defs: { 0: { properties: { a: twice, l: { items: twice } } } } }
    const deep = Array.from({ length: 90 }).reduce<object>((inner) => ({ a: inner }), { b: 1 })
    expect(find(schema, { l: Array.from({ length: 50_000 }, () => deep) })).toHaveLength(1)
  })
})
