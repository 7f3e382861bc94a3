import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { pino } from 'pino'
import { startSolo } from '../../../src/app/solo/solo.ts'
import { withDatabase } from '../../support/embedded.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

it('a check that hangs does not hold up the end of the process', async () => {
  const folder = await withDatabase(await tempFolder())
  let asked = 0
  const hanging = createServer(() => asked++).listen(0, '127.0.0.1')
  await once(hanging, 'listening')
  const { port } = hanging.address() as AddressInfo
  const configFile = join(folder, 'targets.yml')
  const target = `{ name: slow, url: 'http://127.0.0.1:${port}/', interval: 20m, timeout: 10m }`
  await writeFile(configFile, `targets: [${target}]`)
  const solo = await startSolo(
    { configFile, listenAddress: { host: '127.0.0.1', port: 0 }, storagePath: folder },
    { log: pino({ level: 'silent' }), env: {}, stdout: { write: () => true } },
  )
  await waitFor('the check', () => asked > 0)
  const began = performance.now()
  await solo.stop()
  // Without the limit it would be ten minutes.
  expect(performance.now() - began).toBeLessThan(60_000)
  hanging.closeAllConnections()
  hanging.close()
})
