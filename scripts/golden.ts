import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { asRead, goldenPage } from '../test/support/alerts/golden.ts'

/** `npm run golden`: writes what receivers read of each alert, to be looked at before it is committed. */
const folder = join(import.meta.dirname, '../test/channels/golden')

for (const channel of Object.keys(asRead))
  await writeFile(join(folder, `${channel}.txt`), goldenPage(channel))
