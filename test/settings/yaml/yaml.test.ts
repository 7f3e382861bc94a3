import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { parseYaml } from '../../../src/settings/yaml/yaml.ts'

const valueOf = (text: string) => {
  const { tree, problems } = parseYaml(text)
  expect(problems).toEqual([])
  return tree?.value
}

describe('parseYaml', () => {
  it('reads YAML 1.2: no and off are text', () => {
    expect(valueOf('{ a: no, b: off, c: true, d: 1, e: 0x10, f: 1.5, g: ~, h: 2024-01-01, 5: x }')).toEqual({
      a: 'no',
      b: 'off',
      c: true,
      d: 1,
      e: 16,
      f: 1.5,
      g: null,
      h: '2024-01-01',
      '5': 'x',
    })
  })

  it('resolves anchors and merge keys; what is written wins, then the first', () => {
    const text = `
base: &base { a: 1, b: 1 }
other: &other { b: 2, c: 2 }
one: { <<: *base, b: 9 }
two: { b: 9, <<: [*base, *other] }
three: { <<: [*other, *base] }
list: [*base, &x 5, *x]
`
    expect(valueOf(text)).toMatchObject({
      one: { a: 1, b: 9 },
      two: { a: 1, b: 9, c: 2 },
      three: { a: 1, b: 2, c: 2 },
      list: [{ a: 1, b: 1 }, 5, 5],
    })
  })

  it('takes the last anchor of a name before the alias, as YAML does', () => {
    expect(valueOf('[&a 1, *a, &a 2, *a]')).toEqual([1, 1, 2, 2])
  })

  it('takes a quoted << for a key', () => {
    expect(valueOf('{ "<<": { a: 1 } }')).toEqual({ '<<': { a: 1 } })
  })

  it('lets a thousand targets share an anchor', () => {
    const text = `base: &base { a: 1, b: [1, 2, 3] }\nlist:\n${'  - <<: *base\n'.repeat(1000)}`
    expect(valueOf(text)).toHaveProperty('list.length', 1000)
  })

  it('knows where values and keys stand', () => {
    const { tree } = parseYaml('a:\n  - b: 1\n    c: { d: x }\n\ne: &f { g: 1 }\nh: { <<: *f }\n')
    const at = (path: (string | number)[], part: 'key' | 'value') => {
      const { line, column } = tree?.locate(path, part) ?? {}
      return `${line ?? 0}:${column ?? 0}`
    }
    expect(at([], 'value')).toBe('1:1')
    expect(at(['a', 0, 'b'], 'key')).toBe('2:5')
    expect(at(['a', 0, 'b'], 'value')).toBe('2:8')
    expect(at(['a', 0, 'c', 'd'], 'value')).toBe('3:13')
    expect(at(['a', 0, 'missing'], 'value')).toBe('2:5')
    expect(at(['a', 7, 'b'], 'value')).toBe('2:3')
    expect(at(['h', 'g'], 'value')).toBe('5:12')
  })

  it('counts lines of Windows too', () => {
    expect(parseYaml('a: 1\r\nb: [\r\n').problems[0]).toMatchObject({ line: 3, column: 1 })
  })

  it('reads back what a YAML library writes', () => {
    const json = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('__proto__'))
    fc.assert(
      fc.property(json, (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value))
        expect(valueOf(stringify(plain, { aliasDuplicateObjects: false }))).toEqual(plain)
      }),
    )
  })
})

describe('a document that is nested too deeply', () => {
  const levels = 3000
  const nested: readonly { readonly what: string; readonly text: string; readonly at: string }[] = [
    { what: 'lists in a row', text: `a: ${'['.repeat(levels)}`, at: '1:54' },
    { what: 'mappings in a row', text: '{a: '.repeat(levels), at: '1:205' },
    { what: 'braces', text: '{'.repeat(levels), at: '1:52' },
    { what: 'dashes', text: '- '.repeat(levels), at: '1:103' },
    { what: 'question marks', text: '? '.repeat(levels), at: '1:103' },
    { what: 'keys in one line', text: 'a: '.repeat(levels), at: '1:154' },
    {
      what: 'indented keys',
      text: Array.from({ length: 200 }, (_, level) => `${' '.repeat(level)}a:\n`).join(''),
      at: '52:52',
    },
  ]

  it.each(nested)('of $what is said with its place', ({ text, at }) => {
    const { problems } = parseYaml(text)
    expect(problems.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
      `${at} is nested too deeply to be read`,
    ])
  })

  it.each([
    ['quotes', `a: "${'['.repeat(500)}"`],
    ['a comment', `a: 1 # ${'['.repeat(500)}`],
    ['a block of text', `a: |\n  ${'[ - ? : '.repeat(500)}\n`],
    ['a long flow mapping', `{ ${Array.from({ length: 500 }, (_, n) => `k${n}: ${n}`).join(', ')} }`],
  ])('is not one with brackets or dashes in %s', (_what, text) => {
    expect(parseYaml(text).problems).toEqual([])
  })
})
