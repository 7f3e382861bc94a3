import { execFile } from 'node:child_process'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { openSql } from '../../src/history/open.ts'
import { insertResults } from '../../src/history/write/insert.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { failed, row } from '../history/support/rows.ts'
import { withDatabase } from '../support/embedded.ts'
import { probity } from '../support/programs/probity.ts'
import { tempFolder } from '../support/temp-folder.ts'

const config = `targets:
  # The only one.
  - name: shop
    url: http://127.0.0.1:1/
    interval: 10m
    alert_after: 1 # at once
`

it('probity suggest prints a patch that patch applies, and probity simulate measures what it says', async () => {
  const folder = await tempFolder()
  await withDatabase(join(folder, 'data'))
  const log = createLogger({ destination: { write: () => undefined } })
  const sql = await openSql({ folder: join(folder, 'data/history'), log })
  const every = 600_000
  const end = Date.now() - every
  await sql.query('select probity.make_partitions($1, $2)', [
    new Date(end - 1100 * every).toISOString(),
    new Date(end).toISOString(),
  ])
  // Every hundredth check fails, and once twelve in a row.
  const rows = Array.from({ length: 1100 }, (_none, index) => {
    const fields = { target: 'shop', interval_seconds: 600 }
    const fails = index % 100 === 50 || (index >= 700 && index < 712)
    return fails ? failed(end - (1100 - index) * every, fields) : row(end - (1100 - index) * every, fields)
  })
  await insertResults(sql, rows)
  await sql.close()
  await writeFile(join(folder, 'targets.yml'), config)
  await copyFile(join(folder, 'targets.yml'), join(folder, 'before.yml'))
  const run = async (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
    promisify(execFile)(process.execPath, [...probity, ...args], { cwd: folder })

  const { stdout: patch } = await run('suggest', '--config.file=targets.yml', '--patch', '--short=15m')
  await writeFile(join(folder, 'a.patch'), patch)
  const { suggestions } = JSON.parse(
    (await run('suggest', 'shop', '--config.file=targets.yml', '--json', '--short=15m')).stdout,
  ) as {
    suggestions: { values: unknown; today: unknown; suggested: unknown }[]
  }
  expect(suggestions).toMatchObject([
    {
      values: { alert_after: '2' },
      today: { falseAlarms: 11, missed: 0 },
      suggested: { falseAlarms: 0, missed: 0 },
    },
  ])
  await promisify(execFile)('patch', ['-p0', '--fuzz=0', '-i', 'a.patch'], { cwd: folder })
  expect(await readFile(join(folder, 'targets.yml'), 'utf8')).toBe(
    config.replace('alert_after: 1', 'alert_after: 2'),
  )
  const { played } = JSON.parse(
    (
      await run(
        'simulate',
        '--config=targets.yml',
        '--config.file=before.yml',
        '--format=json',
        '--short=15m',
      )
    ).stdout,
  ) as { played: { verdicts: unknown[] }[] }
  expect(played.map(({ verdicts }) => verdicts)).toEqual([
    [suggestions[0]!.today],
    [suggestions[0]!.suggested],
  ])

  const nothing = await run('suggest', '--config.file=targets.yml', '--patch', '--short=15m')
  expect(nothing).toEqual({ stdout: '', stderr: 'There is nothing to change.\n' })
  await expect(run('suggest', '--config.file=targets.yml', 'shopp')).rejects.toThrow(
    'there is no target "shopp" in targets.yml',
  )
})
