import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { goldenFile } from '../test/deploy/support/golden.ts'
import { build, findBuilder, overlays, summarize } from '../test/deploy/support/kustomize.ts'
import { serviceNames, servicePage } from '../test/support/alerts/golden-services.ts'
import { asRead, goldenPage } from '../test/support/alerts/golden.ts'
import { closeAll } from '../test/support/at-end.ts'

/** `npm run golden`: writes what is to be looked at before it is committed. */
const folder = join(import.meta.dirname, '../test/channels/golden')

// What receivers read of each alert.
for (const channel of Object.keys(asRead))
  await writeFile(join(folder, `${channel}.txt`), goldenPage(channel))

for (const service of serviceNames)
  await writeFile(join(folder, `services/${service}.txt`), await servicePage(service))
await closeAll()

// What is applied to a cluster.
const builder = findBuilder()
if (builder)
  for (const overlay of overlays) await writeFile(goldenFile(overlay), summarize(build(builder, overlay)))
else
  console.log('test/deploy/golden is left as it is: it needs kustomize 4 or newer, or kubectl 1.27 or newer')
