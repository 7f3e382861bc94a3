import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { pino } from 'pino'
import { startSolo, type Solo } from '../../../src/app/solo/solo.ts'
import { atEnd } from '../../support/at-end.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const good = { 'targets.yml': 'targets: []', 'notify.yml': 'channels: {}\nroutes: []' }
const bad = { 'targets.yml': 'targets: [{ nme: a }]', 'notify.yml': 'channels: { ops: { type: pigeon } }' }

let solo: Solo
let folder: string

const write = (files: Partial<typeof good>): Promise<unknown> =>
  Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)))

beforeAll(async () => {
  folder = await tempFolder()
  await write(good)
  solo = await startSolo(
    {
      configFile: join(folder, 'targets.yml'),
      notify: { file: join(folder, 'notify.yml'), optional: false },
      listenAddress: { host: '127.0.0.1', port: 0 },
      storagePath: folder,
      lifecycle: true,
    },
    { log: pino({ level: 'silent' }), env: {}, stdout: { write: () => true } },
  )
  atEnd(() => solo.stop())
})

async function reload(): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${solo.url}/-/reload`, { method: 'POST' })
  return { status: answer.status, text: await answer.text() }
}

async function lastReloads(): Promise<string[]> {
  const metrics = await (await fetch(`${solo.url}/metrics`)).text()
  return metrics.split('\n').filter((line) => /^probity_\w*config_last_reload_successful /.test(line))
}

it('a reload of solo says where each of its files is wrong, and keeps the last good ones', async () => {
  await write({ 'notify.yml': bad['notify.yml'] })
  const wrong = await reload()
  expect(wrong.status).toBe(500)
  expect(wrong.text).toMatch(/notify\.yml:1:\d+ channels\.ops\.type: .*pigeon/)
  expect(await lastReloads()).toEqual([
    'probity_config_last_reload_successful 1',
    'probity_notify_config_last_reload_successful 0',
  ])
  await write(bad)
  const both = await reload()
  expect(both.status).toBe(500)
  expect(both.text).toMatch(/targets\.yml:1:[^]*\n[^]*notify\.yml:1:/)
  await write(good)
  expect(await reload()).toEqual({ status: 200, text: 'configuration reloaded\n' })
  expect(await lastReloads()).toEqual([
    'probity_config_last_reload_successful 1',
    'probity_notify_config_last_reload_successful 1',
  ])
})
