import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Explanation } from '../../../src/alerts/explain/explanation.ts'
import { startExporter } from '../../../src/app/exporter/exporter.ts'
import { channelsOf, explainTarget } from '../../../src/app/explain/explain.ts'
import { asText } from '../../../src/app/explain/formats.ts'
import { withPlace } from '../../../src/app/explain/stored.ts'
import { subjectOf } from '../../../src/app/explain/subject.ts'
import { noNotify } from '../../../src/config/notify/load.ts'
import { openSql } from '../../../src/history/open.ts'
import { insertResults } from '../../../src/history/write/insert.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { failed, row } from '../../history/support/rows.ts'
import { embeddedFiles } from '../../support/embedded.ts'
import { parse } from '../../support/parse-config.ts'
import { explanationAnswer } from '../../../src/web/api/explanation.ts'
import { errorAnswer } from '../../../src/web/api/shapes.ts'
import { atEnd } from '../../support/at-end.ts'
import { startHttpPeer } from '../../support/servers/http-peer.ts'
import { answerOf } from '../../web/api/conformance.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const log = createLogger({ destination: { write: () => undefined } })
const noon = Date.parse('2026-11-20T12:00:00Z')

const text = `targets:
  - name: bank
    url: http://127.0.0.1:1/
    interval: 1m
  - name: a
    url: http://127.0.0.1:2/
    interval: 1m
    alert_after: 5m
    depends_on: bank
    expect: { max_latency: 80ms }
`

const config = parse(text, { origins: true })

it('an explanation reads what is stored, whether or not a process has it open', async () => {
  const folder = await tempFolder()
  const history = await embeddedFiles(join(folder, 'history'))
  const sql = await openSql({ folder: history, log })
  // Of one hour, the last three minutes failed.
  const minutes = Array.from({ length: 60 }, (_, minute) => noon - (60 - minute) * 60_000)
  await insertResults(
    sql,
    minutes.flatMap((at, minute) => [minute < 57 ? row(at) : failed(at), row(at, { target: 'bank' })]),
  )
  await sql.close()
  const explain = (): Promise<Explanation[]> =>
    withPlace({ folder: history }, log, (past) =>
      explainTarget(
        {
          config,
          target: subjectOf('a', config).targets[0]!,
          at: noon / 1000,
          channels: channelsOf(noNotify, noon / 1000),
        },
        past,
      ),
    )
  const alone = await explain()
  const written = asText(alone, undefined)
  expect(written)
    .toContain(`a at 2026-11-20 12:00:00 UTC, checked from here: its newest check, 1m ago, failed (status: expected 2xx, got 503). 60 checks since 2026-11-20 11:00:00 UTC were looked at.

TargetSlow (warning) has been firing since 2026-11-20 11:02:00 UTC.
  yes  It was checked 9 times within 10m; it takes at least 3.
  yes  3 in 10 of its checks within 10m took 100ms or more; it takes more than 80ms (expect.max_latency, targets.yml:10).
`)
  expect(written).toContain(`
TargetDown (critical) does not fire.
  yes  Its newest check failed.
  no   Its checks have failed for 3m; it takes at least 5m (alert_after, targets.yml:8).
  It begins at 2026-11-20 12:01:00 UTC if every check ends like the newest one.
  It would notify: the alerts log alone.
`)
  expect(written).toContain(`
No other alert begins within 1d if every check ends like the newest one.

An alert that begins would notify: the alerts log alone.
`)

  const configFile = join(folder, 'targets.yml')
  await writeFile(configFile, text)
  const exporter = await startExporter(
    { configFile, listenAddress: { host: '127.0.0.1', port: 0 }, history: { folder: history } },
    { log, env: {} },
  )
  try {
    expect(await waitFor('the database is open', () => explain().catch(() => undefined))).toEqual(alone)
    const { locations } = await answerOf(
      `${exporter.url}/api/v1/targets/a/explanation?at=2026-11-20T12:00:00Z`,
      explanationAnswer,
    )
    const origins = { alert_after: `${configFile}:8`, interval: `${configFile}:7` }
    expect(locations).toMatchObject([{ at: noon / 1000, checks: 60, origins }])
    expect(locations[0]!.rules.map(({ state }) => state)).toEqual(alone[0]!.rules.map(({ state }) => state))
    await answerOf(`${exporter.url}/api/v1/targets/nobody/explanation`, errorAnswer, 404)
    const page = await fetch(`${exporter.url}/targets/a/explained`).then((answer) => answer.text())
    expect(page).toContain('No check of the last three days is stored')
  } finally {
    await exporter.stop()
  }
})

it('the page takes the specification that the process has, and does not ask for it again', async () => {
  let asked = 0
  const server = await startHttpPeer(() => {
    asked++
    const paths = { '/pets': { get: { operationId: 'listPets', responses: { 200: { description: 'ok' } } } } }
    return {
      status: 200,
      body: JSON.stringify({ openapi: '3.1.0', info: { title: 't', version: '1' }, paths }),
    }
  })
  const folder = await tempFolder()
  const configFile = join(folder, 'targets.yml')
  await writeFile(
    configFile,
    `targets: [{ name: pets, url: "http://127.0.0.1:9/pets", alert_after: 7, expect: { openapi: "${server.url}/api.json#listPets" } }]`,
  )
  const history = await embeddedFiles(join(folder, 'history'))
  const sql = await openSql({ folder: history, log })
  await insertResults(sql, [row(Date.now() - 60_000, { target: 'pets', location: 'default' })])
  await sql.close()
  const exporter = await startExporter(
    { configFile, listenAddress: { host: '127.0.0.1', port: 0 }, history: { folder: history } },
    { log, env: {} },
  )
  atEnd(exporter.stop)
  const before = asked
  const page = await waitFor('the limit and where it was written', async () => {
    const answer = await fetch(`${exporter.url}/targets/pets/explained`).then((one) => one.text())
    return answer.includes('(alert_after,') && answer
  })
  expect(page).toContain(`${configFile}:1`)
  expect([before, asked]).toEqual([1, 1])
})

it.each([
  ['shp', 'there is no target and no alert "shp": expected the name of a target, or one of TargetDown'],
  ['TargetSlw', 'there is no target and no alert "TargetSlw" (did you mean TargetSlow?)'],
  ['CallsSlow', 'CallsSlow is decided on calls, whose past is not kept one by one: the page of its target'],
  ['CanaryWorse', 'CanaryWorse is decided on calls'],
  ['CallsMissing', 'CallsMissing is decided on calls'],
])('refuses %s', (name, message) => {
  expect(() => subjectOf(name, config)).toThrow(message)
})

it('asks about an alert of every target', () => {
  expect(subjectOf('TargetSlow', config)).toMatchObject({ alertname: 'TargetSlow', targets: config.targets })
})
