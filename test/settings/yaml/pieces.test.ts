import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { parseYaml, type YamlResult } from '../../../src/settings/yaml/yaml.ts'
import { parseYamlInPieces, PieceCache } from '../../../src/settings/yaml/pieces.ts'
import { badTexts } from '../../config/bad-cases.ts'
import { partOf } from '../../support/proof.ts'

type Path = (string | number)[]

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return [path, ...entries.flatMap(([step, item]) => pathsOf(item, [...path, step]))]
}

/** The values, and where each of them and its key stands. */
function facts({ tree, problems }: YamlResult): unknown {
  const missing: Path[] = [['targets', 99], ['targets', 0, 'missing'], ['targets', 'x'], ['missing']]
  const places = [...pathsOf(tree?.value), ...missing].map((path) => [
    path,
    tree?.locate(path, 'key'),
    tree?.locate(path, 'value'),
  ])
  return { value: tree?.value, problems, places }
}

const same = (text: string, cache = new PieceCache()): void => {
  expect(facts(parseYamlInPieces(text, cache))).toEqual(facts(parseYaml(text)))
}

const items = [
  '- https://a.example.com',
  '- https://a.example.com?a=1&b=2 # why',
  '- name: a\n  url: https://a.example.com\n  labels: { a: b }',
  '-\n  name: a\n\n  # a comment\n  url: b',
  '- name: a\n  body: |\n    - not an item\n    - nor this\n\n  method: GET',
  '- name: a\n  body: >-\n   folded\n   - text',
  '- name: "quoted\n  - over lines"',
  '- name: plain\n    over lines',
  '- { name: a,\n  url: b }',
  '- [a,\n  - b]',
  '- - nested\n  - list',
  '-',
  '- ~',
  '- "unclosed',
  '- a: 1\n  a: 2',
  '- |+\n  kept\n\n',
  '- &anchor x',
  '- *anchor',
  '- !!str 5',
  '  - deeper',
  '# only a comment',
  'not an item',
  '\t- tab',
]
const others = [
  'defaults: { interval: 1m }',
  'modules:\n  a:\n    expect: { status: 200 }',
  'x-text: |\n  targets:\n    - no item',
  'x-quoted: "a\n  targets:\n  - b"',
  'x-open: "a',
  'targets: []',
  'targets:\n- x',
  '# targets:',
  '---',
  '...',
  '%YAML 1.2',
  '{ a: b }',
  '"targets:"',
  '',
]

const file = fc
  .record({
    before: fc.array(fc.constantFrom(...others), { maxLength: 2 }),
    heading: fc.constantFrom(
      'targets:',
      'targets: # the list',
      'targets:  ',
      'targets :',
      '"targets":',
      'targets: |',
    ),
    indent: fc.constantFrom('', '  ', '    '),
    items: fc.array(fc.constantFrom(...items), { maxLength: 5 }),
    after: fc.array(fc.constantFrom(...others), { maxLength: 2 }),
    newline: fc.constantFrom('\n', '\r\n'),
  })
  .map(({ before, heading, indent, items: list, after, newline }) =>
    [...before, heading, ...list.map((item) => item.replaceAll(/^/gm, indent)), ...after, '']
      .join('\n')
      .replaceAll('\n', newline),
  )

describe('parseYamlInPieces', () => {
  it('gives what parseYaml gives, values, problems and positions alike', () => {
    fc.assert(
      fc.property(file, (text) => {
        same(text)
      }),
      { numRuns: partOf(2000, 4) },
    )
  })

  it('also of every bad fixture, and with a cache that has seen them all', () => {
    const cache = new PieceCache()
    for (const text of [...badTexts, ...badTexts]) same(text, cache)
  })

  it('parses again only what has changed', () => {
    const text = (names: string[]) => `targets:\n${names.map((name) => `  - { name: ${name} }\n`).join('')}`
    const cache = new PieceCache()
    const targetsOf = (names: string[]) => {
      const value = parseYamlInPieces(text(names), cache).tree?.value as { targets: unknown[] }
      cache.sweep()
      return value.targets
    }
    const before = targetsOf(['a', 'b', 'c'])
    const after = targetsOf(['a', 'x', 'b'])
    expect(after).toEqual([{ name: 'a' }, { name: 'x' }, { name: 'b' }])
    expect(after[0]).toBe(before[0])
    expect(after[2]).toBe(before[1])
    // What an edit has removed is forgotten.
    expect(targetsOf(['c'])[0]).not.toBe(before[2])
  })

  it('refuses more than 50,000 targets before it reads them', () => {
    const text = `targets:\n${'  - http://localhost/\n'.repeat(50_001)}`
    expect(parseYamlInPieces(text, new PieceCache()).problems).toEqual([
      {
        line: 50_002,
        column: 3,
        path: ['targets', 50_000],
        message: expect.stringMatching(/at most 50,000 targets/),
      },
    ])
  })
})
