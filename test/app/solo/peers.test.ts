import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { freePorts } from '../../../scripts/stack/process.ts'
import { startSolo, type Solo } from '../../../src/app/solo/solo.ts'
import { addToken } from '../../../src/tokens/edit.ts'
import { silencesAnswer } from '../../../src/web/api/silences.ts'
import { atEnd } from '../../support/at-end.ts'
import { withDatabase } from '../../support/embedded.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { quickEvaluations } from '../../support/time/quick-evaluations.ts'
import { waitFor } from '../../support/time/wait-for.ts'

type Name = 'a' | 'b'

const targets = `targets:
  - { name: backup, heartbeat: 1d, interval: 250ms, timeout: 200ms, alert_after: 1 }
`

/** One of two, and how it is started again. */
interface Side {
  solo: Solo
  readonly start: () => Promise<void>
}

/** Two solos that watch each other. */
async function startTwo(): Promise<Record<Name, Side>> {
  const ports = await freePorts(['a', 'b'])
  const folders = { a: await withDatabase(await tempFolder()), b: await withDatabase(await tempFolder()) }
  const secretOf = (name: Name): Promise<string> =>
    addToken(join(folders[name], 'tokens.jsonl'), { name: 'peer', scopes: ['peer'], now: Date.now() })
  const secrets = { a: await secretOf('a'), b: await secretOf('b') }

  async function open(name: Name, other: Name): Promise<Side> {
    const folder = folders[name]
    const [configFile, file] = [join(folder, 'targets.yml'), join(folder, 'notify.yml')]
    await writeFile(configFile, targets)
    await writeFile(file, `peers: [{ url: 'http://127.0.0.1:${ports[other]}', token: '\${PEER_TOKEN}' }]\n`)
    const start = (): Promise<Solo> =>
      startSolo(
        {
          configFile,
          notify: { file, optional: false },
          listenAddress: { host: '127.0.0.1', port: ports[name] },
          tokens: { file: join(folder, 'tokens.jsonl'), optional: false },
          storagePath: folder,
        },
        {
          log: pino({ level: 'silent' }),
          timers: quickEvaluations,
          env: { PEER_TOKEN: secrets[other] },
          stdout: { write: () => true },
        },
      )
    const side: Side = {
      solo: await start(),
      async start() {
        side.solo = await start()
      },
    }
    atEnd(() => side.solo.stop())
    return side
  }

  return { a: await open('a', 'b'), b: await open('b', 'a') }
}

async function silences({ solo }: Side, method = 'GET', path = '', body?: object) {
  const answer = await fetch(`${solo.url}/api/v1/silences${path}`, {
    method,
    ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  })
  return silencesAnswer.parse(await answer.json()).silences
}

const call = ({ solo }: Side, event: string) =>
  fetch(`${solo.url}/api/v1/heartbeat/backup${event}`, { method: 'POST' })

const page = async ({ solo }: Side): Promise<string> => (await fetch(`${solo.url}/targets/backup`)).text()

it('what is silenced or acknowledged on one of two solos is so on both, also after a restart', async () => {
  const { a, b } = await startTwo()
  const [made] = await silences(a, 'POST', '', {
    match: 'backup',
    for: '2h',
    comment: 'new disk',
    by: 'anna',
  })
  await waitFor('the silence', async () => (await silences(b)).some(({ id }) => id === made?.id))
  expect(await silences(b)).toEqual(await silences(a))
  await silences(b, 'DELETE', `/${made?.id ?? ''}`)
  await waitFor('its end', async () => (await silences(a)).length === 0)

  for (const side of [a, b]) await call(side, '/fail')
  for (const side of [a, b])
    await waitFor('the alert', async () => (await page(side)).includes('<b>TargetDown</b>'))
  await fetch(`${b.solo.url}/silences/acknowledge`, {
    method: 'POST',
    body: new URLSearchParams({ target: 'backup', alertname: 'TargetDown', back: 'targets/backup' }),
    redirect: 'manual',
  })
  await waitFor('the acknowledgement', async () => (await page(a)).includes('acknowledged by'))
  await a.solo.stop()
  await a.start()
  await waitFor('the acknowledgement again', async () => (await page(a)).includes('acknowledged by'))
  expect(await silences(a)).toHaveLength(1)
  for (const side of [a, b]) await call(side, '')
  for (const side of [a, b])
    await waitFor('the end of the acknowledgement', async () => (await silences(side)).length === 0)
})

it('what a job reports to one of two solos is known to both', async () => {
  const { a, b } = await startTwo()
  await call(a, '/fail')
  await waitFor('the alert at the other one', async () => (await page(b)).includes('<b>TargetDown</b>'))
  await call(b, '')
  await waitFor('its end', async () => !(await page(a)).includes('<b>TargetDown</b>'))
  await b.solo.stop()
  await call(a, '/start')
  await call(a, '/fail')
  await b.start()
  await waitFor('what came meanwhile', async () => (await page(b)).includes('<b>TargetDown</b>'))
})
