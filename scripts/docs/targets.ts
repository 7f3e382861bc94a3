import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { kinds } from '../../src/checks/index.ts'
import { sourceShape } from '../../src/config/discovery/schema.ts'
import { maintenanceSchema } from '../../src/config/document/maintenance.ts'
import { commonShape, ownShape } from '../../src/config/document/schema.ts'
import { thresholdShape } from '../../src/config/document/thresholds.ts'
import { keysOf, keyTable } from './keys.ts'
import { withTables } from './page.ts'

const path = join(import.meta.dirname, '../../docs/targets.md')
const discoveryPath = join(import.meta.dirname, '../../docs/discovery.md')

/** docs/targets.md: written by hand, but for what stands between two marks. Those tables come from the schema. */
export function targetsDoc(): string {
  return withTables('docs/targets.md', readFileSync(path, 'utf8'), tables)
}

/** docs/discovery.md, in the same way. */
export function discoveryDoc(): string {
  return withTables('docs/discovery.md', readFileSync(discoveryPath, 'utf8'), {
    'keys of a source': () => keyTable(keysOf(sourceShape)),
  })
}

const tables: Readonly<Record<string, () => string>> = {
  'keys of a target': () => {
    const { expect, ...common } = commonShape
    const { calls, ...own } = ownShape
    // Their own keys are in separate sections.
    const below = [...keysOf({ calls }).slice(0, 1), ...keysOf({ expect }).slice(0, 1)]
    return [
      keyTable([...keysOf({ ...own, ...common }), ...below]),
      ...perKind(
        ({ shape }) => shape,
        (key) => `### \`${key}\``,
      ),
    ].join('\n\n')
  },
  thresholds: () => keyTable(keysOf(thresholdShape)),
  'keys of expect': () =>
    perKind(
      ({ expectShape }) => expectShape,
      (key) => `With \`${key}\`:`,
    ).join('\n\n'),
  'keys of calls': () => keyTable(keysOf({ calls: ownShape.calls }).slice(1)),
  'keys of maintenance': () => keyTable(keysOf(maintenanceSchema.shape)),
}

/** The tables of all kinds. What a kind shares with one before it is described there. */
function perKind(of: (kind: (typeof kinds)[number]) => z.ZodRawShape, heading: (key: string) => string): string[] {
  const first = new Map<unknown, string>()
  const told = new Set<string>()
  return kinds.flatMap((kind) => {
    const entries = Object.entries(of(kind))
    if (entries.length === 0) return []
    const own = entries.filter(([, schema]) => !first.has(schema))
    const sources = new Set(entries.flatMap(([, schema]) => first.get(schema) ?? []))
    const others = [...sources].map((source) => {
      const names = entries.filter(([, schema]) => first.get(schema) === source).map(([name]) => `\`${name}\``)
      return `${names.join(', ')} as with \`${source}\``
    })
    for (const [, schema] of own) first.set(schema, kind.key)
    return [
      heading(kind.key),
      ...(own.length > 0 ? [keyTable(keysOf(Object.fromEntries(own), told))] : []),
      ...(others.length > 0 ? [`${own.length > 0 ? 'Also ' : 'The same: '}${others.join('; ')}.`] : []),
    ]
  })
}
