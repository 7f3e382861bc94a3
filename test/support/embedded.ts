import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../../scripts/stack/shipped-files.ts'
import { openEmbedded } from '../../src/history/embedded/embedded.ts'
import { migrate } from '../../src/history/migrate.ts'
import { copyOfTemplate } from './template.ts'

const manifest = join(root, 'node_modules/@electric-sql/pglite/package.json')
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }

const migrations = join(root, 'src/history/migrations')
const schema = createHash('sha256')
for (const name of readdirSync(migrations, { recursive: true, encoding: 'utf8' }).sort())
  if (name.endsWith('.sql')) schema.update(readFileSync(join(migrations, name)))
const template = `pglite-${version}-${schema.digest('hex').slice(0, 12)}`

/**
 * Puts the built-in database, with its schema and no rows, where a first start would make it, so that a test does not wait for
 * that.
 *
 * @param storage What `--storage.path` names.
 */
export async function withDatabase(storage: string): Promise<string> {
  await embeddedFiles(join(storage, 'history'))
  return storage
}

/** The same for the folder that `openEmbedded` is given. */
export async function embeddedFiles(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await copyOfTemplate(template, join(folder, 'pgdata'), async (made) => {
    const sql = await openEmbedded(made)
    await migrate(sql)
    await sql.close()
    await rename(join(made, 'pgdata'), join(made, 'data'))
  })
  return folder
}
