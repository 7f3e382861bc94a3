import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startExporter } from '../../../src/app/exporter/exporter.ts'
import { simulatePlace } from '../../../src/app/simulate/stored.ts'
import { openSql } from '../../../src/history/open.ts'
import { insertResults } from '../../../src/history/write/insert.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { addToken } from '../../../src/tokens/edit.ts'
import { failed, row } from '../../history/support/rows.ts'
import { embeddedFiles } from '../../support/embedded.ts'
import { aConfig, aTarget } from '../../support/target.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const log = createLogger({ destination: { write: () => undefined } })
const hourMs = 3_600_000

it('a simulation reads what is stored, whether or not a process has it open', async () => {
  const folder = await tempFolder()
  const history = await embeddedFiles(join(folder, 'history'))
  const sql = await openSql({ folder: history, log })
  const now = Date.now()
  const minutes = Array.from({ length: 40 }, (_, minute) => now - hourMs + minute * 60_000)
  await insertResults(
    sql,
    minutes.map((at, minute) => (minute < 10 || minute >= 30 ? row(at) : failed(at))),
  )
  await sql.close()
  const target = aTarget({ name: 'a', interval: 60, alertAfter: 150 })
  const simulated = () =>
    simulatePlace(
      {
        place: { folder: history },
        candidates: [{ name: 'targets.yml', config: aConfig([target]) }],
        since: 7200,
        short: 300,
      },
      { clock: { now: () => now, monotonic: () => 0 }, log },
    )
  const alone = await simulated()
  expect(alone.checks).toBe(40)
  expect(alone.outages).toHaveLength(1)
  expect(alone.played[0]!.told.map(({ alertname }) => alertname)).toContain('TargetDown')

  const configFile = join(folder, 'targets.yml')
  await writeFile(configFile, 'targets: []\n')
  const tokensFile = join(folder, 'tokens.jsonl')
  await addToken(tokensFile, { name: 'reader', scopes: ['read'], now })
  const exporter = await startExporter(
    {
      configFile,
      listenAddress: { host: '127.0.0.1', port: 0 },
      history: { folder: history },
      tokens: { file: tokensFile, optional: true },
    },
    { log, env: {} },
  )
  try {
    expect((await fetch(`${exporter.url}/api/v1/checks`)).status).toBe(401)
    const beside = await waitFor('the database is open', async () => simulated().catch(() => undefined))
    expect(beside).toEqual(alone)
  } finally {
    await exporter.stop()
  }
})
