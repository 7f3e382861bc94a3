import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const doc = readFileSync(join(root, 'docs/targets.md'), 'utf8')
const schema: unknown = JSON.parse(readFileSync(join(root, 'config/schema/targets.schema.json'), 'utf8'))

/** The keys of every mapping of the schema that has a key of this name. */
function keysBeside(name: string, node: unknown = schema): Set<string> {
  if (typeof node !== 'object' || node === null) return new Set()
  const inside = Object.values(node).flatMap((child: unknown) => [...keysBeside(name, child)])
  const { properties } = node as { properties?: unknown }
  const own = typeof properties === 'object' && properties !== null ? Object.keys(properties) : []
  return new Set([...(own.includes(name) ? own : []), ...inside])
}

/** The keys of `expect` and of a target that the tables name, `tls.verify` as `tls` too. */
const rows = new Set(
  [...doc.matchAll(/^\| `([\w.]+)` \|/gm)].flatMap(([, key = '']) => [key, key.split('.')[0] ?? '']),
)

describe('the tables of docs/targets.md', () => {
  it.each(['interval', 'max_latency'])('have every key that stands next to %s', (name) => {
    const keys = [...keysBeside(name)]
    expect(keys).toContain(name)
    expect(keys.filter((key) => !rows.has(key))).toEqual([])
  })

  it('have every key of calls', () => {
    const keys = [...keysBeside('operation')]
    expect(keys).toContain('path')
    expect(keys.filter((key) => !rows.has(`calls.${key}`) && !rows.has(`calls.${key}.status`))).toEqual([])
  })
})
