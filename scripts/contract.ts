import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { linesNow, listFiles } from '../test/contract/lists.ts'

/*
 * Takes over what other programs see as it is now: to be run after a change that is meant, and to be looked at as a diff. No
 * other script runs it, or the test would hold nothing.
 */
const folder = join(import.meta.dirname, '../test/contract')
for (const file of listFiles) await writeFile(join(folder, file), `${(await linesNow(file)).join('\n')}\n`)
