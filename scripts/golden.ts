import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { serviceNames, servicePage } from '../test/support/alerts/golden-services.ts'
import { asRead, goldenPage } from '../test/support/alerts/golden.ts'
import { closeAll } from '../test/support/at-end.ts'

/** `npm run golden`: writes what receivers read of each alert, to be looked at before it is committed. */
const folder = join(import.meta.dirname, '../test/channels/golden')

for (const channel of Object.keys(asRead))
  await writeFile(join(folder, `${channel}.txt`), goldenPage(channel))

for (const service of serviceNames)
  await writeFile(join(folder, `services/${service}.txt`), await servicePage(service))
await closeAll()
