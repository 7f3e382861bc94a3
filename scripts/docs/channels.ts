import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { channelTypes } from '../../src/channels/index.ts'
import { keysOf, keyTable } from './keys.ts'
import { withTables } from './page.ts'

const path = join(import.meta.dirname, '../../docs/channels.md')

/** docs/channels.md: written by hand, but for the tables of keys, which come from the schema of each kind. */
export function channelsDoc(): string {
  const page = readFileSync(path, 'utf8')
  const tables = Object.entries(channelTypes).flatMap(([type, { schema }]) => {
    const name = `keys of ${type}`
    const { type: kind, ...others } = schema.shape as z.ZodRawShape
    return page.includes(`<!-- generated: ${name} -->`) ? [[name, () => keyTable(keysOf(others).map((key) => ({ ...key, default: key.default || 'required' })))] as const] : []
  })
  return withTables('docs/channels.md', page, Object.fromEntries(tables))
}
