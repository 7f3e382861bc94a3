import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { startSolo } from '../../src/app/solo/solo.ts'
import { createPictures, type Pictures } from '../../src/app/status/pictures.ts'
import type { ProbeResult } from '../../src/checks/result.ts'
import { atEnd } from '../support/at-end.ts'
import { describeWithTool } from '../support/programs/tools.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

const log = pino({ level: 'silent' })

const result = (picture?: string): ProbeResult => ({
  startedAt: new Date(1000),
  durationSeconds: 1,
  success: picture === undefined,
  browser: { consoleErrors: 0, ...(picture !== undefined && { picture: Buffer.from(picture) }) },
})

const text = async (pictures: Pictures, name: string): Promise<string | undefined> => {
  const picture = await pictures.of(name)
  return picture && Buffer.from(picture.bytes).toString()
}

describe.each(['in memory', 'in a folder'])('pictures %s', (place) => {
  const create = async (maxPictures = 50): Promise<Pictures> =>
    createPictures({ log, maxPictures, ...(place === 'in a folder' && { storagePath: await tempFolder() }) })

  it('are the newest of each target, as long as there is the target', async () => {
    const pictures = await create()
    pictures.observe({ name: 'a/../b' }, result('one'))
    pictures.observe({ name: 'a/../b' }, result('two'))
    pictures.observe({ name: 'a/../b' }, result())
    pictures.observe({ name: 'c' }, result('three'))
    await pictures.stop()
    expect(await text(pictures, 'a/../b')).toBe('two')
    await pictures.retain([{ name: 'c' }])
    expect(await pictures.of('a/../b')).toBeUndefined()
    expect(await text(pictures, 'c')).toBe('three')
  })

  it('are a few', async () => {
    const pictures = await create(3)
    for (let index = 0; index < 9; index++) pictures.observe({ name: `t${index}` }, result('x'))
    await pictures.stop()
    const there = await Promise.all(Array.from({ length: 9 }, (_none, index) => pictures.of(`t${index}`)))
    expect(there.filter((picture) => picture !== undefined)).toHaveLength(3)
    expect(there[8]).toBeDefined()
  })
})

it('are files that others cannot read, of which the oldest go', async () => {
  const storagePath = await tempFolder()
  const folder = join(storagePath, 'pictures')
  const pictures = createPictures({ storagePath, log, maxPictures: 2 })
  pictures.observe({ name: 'old' }, result('x'))
  await pictures.stop()
  const [file = ''] = readdirSync(folder)
  expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
  utimesSync(join(folder, file), 1, 1)
  for (const name of ['a', 'b']) pictures.observe({ name }, result('x'))
  await pictures.stop()
  expect(await pictures.of('old')).toBeUndefined()
  expect(readdirSync(folder)).toHaveLength(2)
  const again = createPictures({ storagePath, log })
  expect(await text(again, 'b')).toBe('x')
})

it('do no harm where they cannot be written', async () => {
  const storagePath = join(await tempFolder(), 'file')
  writeFileSync(storagePath, '')
  const pictures = createPictures({ storagePath, log })
  pictures.observe({ name: 'a' }, result('x'))
  await pictures.stop()
  expect(await pictures.of('a')).toBeUndefined()
})

describeWithTool(['chromium'], 'the picture of a browser check', () => {
  it('is on the page of the target', async () => {
    const folder = await tempFolder()
    writeFileSync(
      join(folder, 'it.mjs'),
      `export default async ({ page }) => { await page.setContent('<h1>Hello</h1>'); throw new Error('no') }`,
    )
    writeFileSync(
      join(folder, 'targets.yml'),
      'targets: [{ name: a shop, browser: it.mjs, sandbox: false, interval: 10m, timeout: 2m }, { name: other, heartbeat: 1d }]',
    )
    const solo = await startSolo(
      {
        configFile: join(folder, 'targets.yml'),
        listenAddress: { host: '127.0.0.1', port: 0 },
        storagePath: join(folder, 'storage'),
      },
      { log, stdout: { write: () => true } },
    )
    atEnd(solo.stop)
    const page = async (): Promise<string> => (await fetch(`${solo.url}/targets/a%20shop`)).text()
    await fetch(`${solo.url}/probe?target=a%20shop`)
    await waitFor('the picture', async () => (await page()).includes('src="a%20shop/picture.jpg"'))
    const picture = await fetch(`${solo.url}/targets/a%20shop/picture.jpg`)
    expect(picture.headers.get('content-type')).toBe('image/jpeg')
    expect(picture.headers.get('cache-control')).toBe('no-store')
    expect([...new Uint8Array(await picture.arrayBuffer()).subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff])
    expect((await fetch(`${solo.url}/targets/other/picture.jpg`)).status).toBe(404)
  })
})
