import { exactOf } from '../../lib/text/decimal.ts'
import { parseYaml, type YamlTree } from './yaml.ts'

/** Every string, with the colon that makes a key of it, and every number. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|-?\d[\d.eE+-]*/g

/** Levels of nesting that are surely few enough for YAML as well. */
const maxDepth = 40

/**
 * Reads JSON, which programs write and which is YAML too, a hundred times as fast as YAML is read. Positions are found by
 * reading the text as YAML, when somebody asks for one: only mistakes have them.
 *
 * @returns Nothing where the text is not JSON, or where YAML might read it differently.
 */
export function readJson(text: string): YamlTree | undefined {
  // YAML does not take tabs everywhere.
  if (!/^\s*[[{]/.test(text) || text.includes('\t')) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  let keys = 0
  for (const [token, colon] of text.matchAll(tokens)) {
    if (colon !== undefined) keys++
    else if (!token.startsWith('"') && typeof exactOf(Number(token), token) !== 'number') return undefined
  }
  // Fewer where a key is there twice: JSON takes the last one silently.
  if (countKeys(value, 0) !== keys) return undefined
  let tree: YamlTree | undefined
  return {
    value,
    locate(path, part) {
      tree ??= parseYaml(text).tree
      return tree?.locate(path, part) ?? { line: 1, column: 1 }
    },
  }
}

/** Not a number where YAML would not read it. */
function countKeys(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0
  if (depth > maxDepth || Object.hasOwn(value, '__proto__')) return NaN
  const entries = Array.isArray(value) ? 0 : Object.keys(value).length
  return Object.values(value).reduce((sum: number, item) => sum + countKeys(item, depth + 1), entries)
}
