import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { narrowTo } from '../../../src/config/document/narrow.ts'

const text = z.string().optional()
const schema = z.strictObject({
  a: text,
  b: text,
  inner: z.strictObject({ c: text, d: text }).optional(),
  whole: z.strictObject({ c: z.string(), d: text }).optional(),
  given: z.strictObject({ c: z.string().default('given') }).optional(),
})

describe('a schema of the keys that are there', () => {
  it.each<[object, string[]]>([
    [{}, []],
    [{ a: 'x' }, ['a']],
    [{ a: 'x', inner: { d: 'y' } }, ['a', 'inner']],
  ])('looks at no other key of %j', (value, keys) => {
    const narrowed = narrowTo(schema, value) as typeof schema
    expect(Object.keys(narrowed.shape)).toEqual(keys)
    expect(narrowed.parse(value)).toEqual(value)
  })

  it('is the same for all values that have the same keys', () => {
    expect(narrowTo(schema, { inner: { c: '1' } })).toBe(narrowTo(schema, { inner: { c: '2' } }))
    expect(narrowTo(schema, { inner: { c: '1' } })).not.toBe(narrowTo(schema, { inner: { d: '1' } }))
  })

  it.each<object>([
    { unknown: 1 },
    { constructor: 'x' },
    { inner: { unknown: 1 } },
    { inner: { constructor: 'x' } },
    { a: 1 },
    { inner: 'x' },
    { inner: [] },
    { whole: {} },
    { whole: { d: 'y' } },
  ])('takes %j as little as the whole schema does', (value) => {
    expect(schema.safeParse(value).success).toBe(false)
    expect(narrowTo(schema, value).safeParse(value).success).toBe(false)
  })

  it('gives what the schema gives for a missing key', () => {
    expect(narrowTo(schema, { given: {} }).parse({ given: {} })).toEqual({ given: { c: 'given' } })
  })
})
