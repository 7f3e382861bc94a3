import { describe, expect, it } from 'vitest'
import { deepestNesting, nestingOf } from '../../../../src/checks/http/json-path/nesting.ts'
import { checkJsonPath } from '../../../../src/checks/http/settings/values.ts'

const nested = (depth: number): string => `$${'['.repeat(depth)}0${']'.repeat(depth)}`

describe('the nesting of a JSONPath', () => {
  it.each([
    ['$.a.b', 0],
    ['$[0][1]', 1],
    ['$[?(@.a && (length(@.b) > 1))]', 4],
    [`$['[[[((("\\'[']`, 1],
    ['$["(\\"(("]', 1],
    ['$[?length(@[?length(@', 4],
  ])('%s', (path, expected) => {
    expect(nestingOf(path)).toBe(expected)
  })

  // Found by the fuzzer: the parser would need longer than the universe is old.
  it('is limited before the path is parsed', () => {
    const hanging = `$.*..*${'[?value(@..i..*'.repeat(100)}`

    expect(() => {
      checkJsonPath(hanging)
    }).toThrow(/is nested too deeply: expected at most 10 brackets and parentheses inside each other/)
  })

  it('is not limited where it is within the limit', () => {
    const filters = `$${'[?@'.repeat(deepestNesting)}.a${']'.repeat(deepestNesting)}`

    expect(() => {
      checkJsonPath(filters)
    }).not.toThrow()
    expect(nestingOf(nested(deepestNesting))).toBe(deepestNesting)
  })
})

describe('a function in a JSONPath', () => {
  it.each([
    ['$[?le()>1]', /unknown function: expected length\(\), count\(\) or value\(\)/],
    ['$[?searcmatch()]', /unknown function/],
    ['$[?length(@.a, @.b) > 1]', /is not a valid JSONPath|wrong number of arguments: expected one/],
    ['$[?length() > 1]', /is not a valid JSONPath|wrong number of arguments: expected one/],
    ['$[?@.a || search(@.b, "x")]', /match\(\) and search\(\) are not supported/],
  ])('%s is refused', (path, message) => {
    expect(() => {
      checkJsonPath(path)
    }).toThrow(message)
  })

  it.each(['$[?length(@.a) > 1]', '$[?count(@.*) == 2]', '$[?value(@..id) == 1]'])('%s is taken', (path) => {
    expect(() => {
      checkJsonPath(path)
    }).not.toThrow()
  })
})
