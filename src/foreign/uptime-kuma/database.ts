import { open, stat } from 'node:fs/promises'
import { ProbityError } from '../../lib/errors.ts'
import { isSqlite } from '../shared/sqlite/header.ts'
import { readTables, type Row } from '../shared/sqlite/tables.ts'
import { Fields } from '../shared/fields.ts'
import type { KumaFile } from './kuma-file.ts'

/** Whether a file is a database, by how it begins; a file that cannot be read is none. */
export async function isDatabase(path: string): Promise<boolean> {
  // Opening a named pipe would wait for its writer.
  const isFile = await stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  )
  if (!isFile) return false
  const handle = await open(path, 'r').catch(() => undefined)
  try {
    const start = Buffer.alloc(16)
    await handle?.read(start, 0, start.length, 0)
    return isSqlite(start)
  } catch {
    return false
  } finally {
    await handle?.close()
  }
}

const tables = [
  'monitor',
  'notification',
  'monitor_notification',
  'tag',
  'monitor_tag',
  'proxy',
  'maintenance',
  'monitor_maintenance',
  'status_page',
  'group',
  'monitor_group',
  'setting',
] as const

/**
 * Reads the database of Uptime Kuma 1 or 2.
 *
 * Source of its tables: https://github.com/louislam/uptime-kuma (db/old_migrations, db/knex_migrations)
 */
export async function readDatabase(path: string): Promise<KumaFile> {
  const rows = await readTables(path, tables)
  if (rows.monitor.length === 0)
    throw new ProbityError(
      'IMPORT_UNKNOWN',
      `${path} has no monitors of Uptime Kuma: its table monitor is empty or missing`,
    )
  const tags = new Map(rows.tag.map(({ id, name }) => [id, name]))
  const tagsOf = grouped(rows.monitor_tag, 'monitor_id')
  const notificationsOf = grouped(rows.monitor_notification, 'monitor_id')
  const monitorsOf = grouped(rows.monitor_maintenance, 'maintenance_id')
  const groupsOf = grouped(rows.group, 'status_page_id')
  const membersOf = grouped(rows.monitor_group, 'group_id')
  return {
    monitors: rows.monitor.map((row) =>
      fieldsOf('monitor', {
        ...row,
        tags: (tagsOf.get(row['id']) ?? []).map(({ tag_id: id, value }) => ({ name: tags.get(id), value })),
        notificationIDList: (notificationsOf.get(row['id']) ?? []).map(({ notification_id: id }) => id),
      }),
    ),
    notifications: rows.notification.map((row) => fieldsOf('notification', row)),
    proxies: rows.proxy.map((row) => fieldsOf('proxy', row)),
    maintenances: rows.maintenance.map((row) =>
      fieldsOf('maintenance', {
        ...row,
        monitors: (monitorsOf.get(row['id']) ?? []).map(({ monitor_id: id }) => id),
      }),
    ),
    pages: rows.status_page.map((row) =>
      fieldsOf('status_page', {
        ...row,
        groups: byWeight(groupsOf.get(row['id']) ?? []).map(({ id, name }) => ({
          name,
          monitors: byWeight(membersOf.get(id) ?? []).map(({ monitor_id: member }) => member),
        })),
      }),
    ),
    ...timezoneOf(rows.setting),
  }
}

function grouped(rows: readonly Row[], key: string): ReadonlyMap<unknown, Row[]> {
  const groups = new Map<unknown, Row[]>()
  for (const row of rows) {
    const group = groups.get(row[key])
    if (group) group.push(row)
    else groups.set(row[key], [row])
  }
  return groups
}

function byWeight(rows: readonly Row[]): Row[] {
  return [...rows].sort((one, other) => Number(one['weight']) - Number(other['weight']))
}

/** Columns whose keys in the backup are not their names in camel case. */
const otherKeys: Readonly<Record<string, string>> = { accepted_statuscodes_json: 'accepted_statuscodes' }

/** Columns that are called so in the backup too. */
const sameKeys = /^(?:basic_auth_|oauth_|dns_|docker_|bearer_token$|ping_|system_service_name$)/

/** Columns with JSON in them. */
const parsed = new Set(['accepted_statuscodes_json', 'conditions'])

/** A row with the keys of the backup. Its place is the table and the id. */
function fieldsOf(table: string, row: Row): Fields {
  const entries = Object.entries(row).map(([column, value]) => [
    otherKeys[column] ??
      (sameKeys.test(column)
        ? column
        : column.replaceAll(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase())),
    parsed.has(column) ? jsonOf(value) : value,
  ])
  return new Fields(Object.fromEntries(entries), [table, Number(row['id'])])
}

/** What was not written by the program stays as it is. */
function jsonOf(value: unknown): unknown {
  try {
    return typeof value === 'string' ? JSON.parse(value) : value
  } catch {
    return value
  }
}

function timezoneOf(settings: readonly Row[]): { readonly timezone?: string } {
  const value = jsonOf(settings.find(({ key }) => key === 'serverTimezone')?.['value'])
  return typeof value === 'string' && value !== '' ? { timezone: value } : {}
}
