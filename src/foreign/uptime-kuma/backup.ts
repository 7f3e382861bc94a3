import { ProbityError } from '../../lib/errors.ts'
import { Fields } from '../shared/fields.ts'
import { readForeign } from '../shared/foreign-file.ts'
import type { KumaFile } from './kuma-file.ts'

/** Reads the JSON backup that Uptime Kuma 1 could make; version 2 cannot. */
export async function readBackup(path: string): Promise<KumaFile> {
  const { tree } = await readForeign(path)
  const value = Array.isArray(tree.value) ? { monitorList: tree.value } : tree.value
  const file = new Fields(value)
  if (!file.has('monitorList'))
    throw new ProbityError(
      'IMPORT_UNKNOWN',
      `${path} is neither the database of Uptime Kuma nor its backup: expected kuma.db, or JSON with a monitorList`,
    )
  return {
    monitors: file.items('monitorList'),
    notifications: file.items('notificationList'),
    proxies: file.items('proxyList'),
    maintenances: [],
    pages: [],
  }
}
