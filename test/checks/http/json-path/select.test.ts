import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { query, type JsonValue } from 'jsonpath-rfc9535'
import { select } from '../../../../src/checks/http/json-path/select.ts'
import { Steps, TooManySteps } from '../../../../src/checks/http/json-path/steps.ts'

const found = (document: unknown, path: string, steps = 1_000_000): unknown[] =>
  select(document, path, new Steps(steps))

/** Few names and few values, so that queries find something and comparisons hold. */
const names = fc.constantFrom('a', 'b', 'c', '__proto__')
const scalar = fc.oneof(
  fc.integer({ min: -2, max: 3 }),
  fc.constantFrom<JsonValue>('', 'a', 'ab', 'b', 'grün', 1.5, true, false, null),
)
const { document } = fc.letrec<{ document: JsonValue }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('document'), { maxLength: 4 }),
    fc
      .array(fc.tuple(names, tie('document')), { maxLength: 4 })
      // As JSON.parse makes them, which has __proto__ for a name like others.
      .map((members) => JSON.parse(JSON.stringify(Object.fromEntries(members))) as JsonValue),
  ),
}))

const index = fc.integer({ min: -4, max: 4 })
// The library counts from the end twice where a bound lies before the beginning.
const bound = fc.option(fc.integer({ min: -1, max: 4 })).map((at) => at ?? '')
const singular = fc
  .array(
    fc.oneof(
      names.map((name) => `.${name}`),
      names.map((name) => `['${name}']`),
      // Not [0]: in a comparison, the library finds nothing by it.
    ),
    {
      maxLength: 2,
    },
  )
  .map((segments) => segments.join(''))
const { path } = fc.letrec<
  Record<'path' | 'segments' | 'selector' | 'query' | 'comparable' | 'condition', string>
>((tie) => ({
  path: tie('segments').map((segments) => `$${segments}`),
  segments: fc
    .array(
      fc.oneof(
        names.map((name) => `.${name}`),
        names.map((name) => `..${name}`),
        fc.constantFrom('.*', '..*'),
        fc
          .tuple(fc.constantFrom('', '..'), fc.array(tie('selector'), { minLength: 1, maxLength: 3 }))
          .map(([dots, selectors]) => `${dots}[${selectors.join(',')}]`),
      ),
      { maxLength: 3 },
    )
    .map((segments) => segments.join('')),
  selector: fc.oneof(
    { maxDepth: 2 },
    index.map(String),
    names.map((name) => `'${name}'`),
    fc.constant('*'),
    fc.tuple(bound, bound, bound).map(([start, end, step]) => `${start}:${end}:${step}`),
    tie('condition').map((condition) => `?${condition}`),
  ),
  query: fc.tuple(fc.constantFrom('@', '$'), tie('segments')).map((parts) => parts.join('')),
  comparable: fc.oneof(
    fc.tuple(fc.constantFrom('@', '$'), singular).map((parts) => parts.join('')),
    scalar.map((value) => JSON.stringify(value)),
    tie('query').map((inner) => `count(${inner})`),
    tie('query').map((inner) => `value(${inner})`),
    fc.tuple(fc.constantFrom('@', '$'), singular).map((parts) => `length(${parts.join('')})`),
    tie('query').map((inner) => `length(value(${inner}))`),
  ),
  condition: fc.oneof(
    { maxDepth: 2 },
    tie('query'),
    fc
      .tuple(tie('comparable'), fc.constantFrom('==', '!=', '<', '<=', '>', '>='), tie('comparable'))
      .map((parts) => parts.join(' ')),
    tie('condition').map((inner) => `!(${inner})`),
    fc
      .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
      .map(([left, op, right]) => `(${left} ${op} ${right})`),
  ),
}))

describe('a JSONPath', () => {
  it('selects what the library selects, in its order', () => {
    let some = 0
    fc.assert(
      fc.property(document, path, (given, asked) => {
        const expected = query(given, asked)
        some += expected.length > 0 ? 1 : 0
        expect(found(given, asked)).toEqual(expected)
      }),
      { numRuns: 3000 },
    )
    // The property says nothing where queries find nothing.
    expect(some).toBeGreaterThan(500)
  })

  it.each([
    [{ text: '😀' }, '$[?length(@) == 1]', ['😀']],
    [['b', 'a'], '$[::-1]', ['a', 'b']],
    [['a', 'b', 'c'], '$[:-4]', []],
    [['a', 'b', 'c'], '$[-4:-1]', ['a', 'b']],
    [['a', 'b', 'c'], '$[-2:-5:-1]', ['b', 'a']],
    [['a', 'b', 'c'], '$[0:2:0]', []],
    [{ a: { a: 1 } }, '$..a', [{ a: 1 }, 1]],
    [
      [
        ['fn', 1],
        ['x', 2],
      ],
      "$[?@[0] == 'fn'][1]",
      [1],
    ],
    [
      [
        [1, 2],
        [2, 1],
      ],
      '$[?@[-1] < $[0][1]]',
      [[2, 1]],
    ],
    [[['a', 'abc']], '$[?length(@[1]) == 3]', [['a', 'abc']]],
  ])('of %j, %s', (given, asked, expected) => {
    expect(found(given, asked)).toEqual(expected)
  })
})

const nested = (depth: number, open = '{"a":', close = '}'): unknown =>
  JSON.parse(`${open.repeat(depth)}1${close.repeat(depth)}`)
const list = Array.from({ length: 2000 }, (_, a) => ({ a }))
const long = 'x'.repeat(100_000)

describe('the work of a JSONPath is bounded', () => {
  it.each<[string, unknown, string]>([
    ['descendants of descendants', nested(900), '$..a..a..a'],
    ['descendants of a deep array', nested(900, '[', ']'), '$..[0]..[0]..[0]'],
    ['slices of descendants', nested(900, '[', ']'), '$..[::]..[::-1]'],
    ['every value, again and again', list, '$[*,*,*,*,*,*,*,*,*,*,*,*,*][*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*]'],
    ['a filter in a filter', list, '$[?count($[?@.a >= 0]) > 5]'],
    ['a filter over all descendants', list, '$[?count($..a) > 5]'],
    ['a comparison of long texts', { long, same: 'x'.repeat(100_000), list }, '$.list[?$.long == $.same]'],
    ['an order of long texts', { long, list }, '$.list[?$.long < $.long]'],
    ['a comparison of large lists', list, '$[?$ == $]'],
    ['the length of a long text', { long, list }, '$.list[?length($.long) > 5]'],
    [
      'the members of a wide object',
      { wide: Object.fromEntries(list.entries()), list },
      '$.list[?length($.wide) > 5]',
    ],
    [
      'the members of a wide object, none of which is asked for',
      [Object.fromEntries(list.entries())],
      '$[?@[?@.b]]',
    ],
  ])('%s', (_what, given, asked) => {
    const limit = asked.includes('[?@[') ? 3000 : 200_000
    expect(() => found(given, asked, limit)).toThrow(TooManySteps)
  })

  it('and says how much there was', () => {
    expect(() => found(list, '$..a', 1000)).toThrow('it takes more than 1,000 steps')
  })

  it('is what several have together', () => {
    const steps = new Steps(10_000)
    select(list, '$[*]', steps)
    expect(() => select(list, '$[*]', steps)).not.toThrow()
    expect(() => select(list, '$[*]', steps)).toThrow(TooManySteps)
  })

  it('leaves ordinary questions to a large document alone', () => {
    const large = { status: 'ok', data: Array.from({ length: 200_000 }, (_, id) => ({ id, state: 'paid' })) }
    expect(found(large, '$.status', 10)).toEqual(['ok'])
    expect(found(large, '$.data[-1].id', 20)).toEqual([199_999])
    expect(found(large, '$.data[?@.id == 7].state', 3_000_000)).toEqual(['paid'])
  })
})
