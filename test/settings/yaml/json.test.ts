import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { readJson } from '../../../src/settings/yaml/json.ts'
import { parseYaml } from '../../../src/settings/yaml/yaml.ts'
import { partOf } from '../../support/proof.ts'

const left: Readonly<Record<string, string>> = {
  'a key that is there twice': '{"a": 1, "a": 2}',
  'a key that is there twice, once escaped': '{"a": 1, "\\u0061": 2}',
  'a key that objects have': '{"__proto__": 1}',
  'a number that no double is': '{"a": 9007199254740993}',
  'a number beyond all doubles': '[1e400]',
  'a tab': '{\n\t"a": 1}',
  'a comment': '{"a": 1} # why',
  'a single value': '"a"',
  'a flow mapping': '{a: 1}',
  'a document that goes on': '{"a": 1}\n---\n{}',
  'too many levels': '['.repeat(60) + ']'.repeat(60),
  nothing: '',
}

describe('JSON', () => {
  it.each(Object.entries(left))('is left to YAML with %s', (_what, text) => {
    expect(readJson(text)).toBeUndefined()
  })

  it('is read as YAML reads it, and found where YAML finds it', () => {
    const text = '{"a": [1, 2.50, -0.0, 1e3],\n "b": {"c": "d: \\"e\\": 1", "<<": null}, "": true}'
    const tree = readJson(text)
    const yaml = parseYaml(text).tree
    expect(tree?.value).toEqual(yaml?.value)
    for (const path of [['a', 1], ['b', 'c'], ['b', 'x'], ['']]) {
      for (const part of ['key', 'value'] as const)
        expect(tree?.locate(path, part)).toEqual(yaml?.locate(path, part))
    }
  })

  it('has the values that YAML has, whatever they are', () => {
    const indent = fc.constantFrom(undefined, 1, 2)
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), indent, (value, space) => {
        const text = JSON.stringify(value, null, space)
        const tree = readJson(text)
        if (tree !== undefined) expect(tree.value).toEqual(parseYaml(text).tree?.value)
      }),
      { numRuns: partOf(2000, 10) },
    )
  })
})
