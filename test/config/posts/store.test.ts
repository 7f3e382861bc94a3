import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, expect, it } from 'vitest'
import { followPosts, readPosts, type PostsStore } from '../../../src/config/posts/store.ts'
import { tempFolder } from '../../support/temp-folder.ts'

let store: PostsStore | undefined

afterEach(async () => {
  await store?.stop()
})

const post = (title: string): string =>
  `---\ntitle: ${title}\nkind: announcement\nfrom: 2026-11-21T08:00:00Z\n---\nText\n`

it('follows the folder from when it appears; a file that is wrong is logged, and the rest goes on', async () => {
  const folder = await tempFolder()
  const configFile = join(folder, 'targets.yml')
  await writeFile(configFile, 'targets: []')
  let logged = ''
  const log = pino({ level: 'info' }, { write: (text: string) => (logged += text) })
  store = await followPosts({ configFile, log, pollMs: 20, settleMs: 5 })
  const titles = (): string[] => store!.current().map(({ title }) => title)
  expect(titles()).toEqual([])
  await mkdir(join(folder, 'posts'))
  await writeFile(join(folder, 'posts', 'a.md'), post('A'))
  await writeFile(join(folder, 'posts', '.b.md'), post('hidden'))
  await expect.poll(titles, { timeout: 20_000 }).toEqual(['A'])
  await writeFile(join(folder, 'posts', 'b.md'), post('[B'))
  await writeFile(join(folder, 'posts', 'a.md'), post('A again'))
  await expect.poll(() => logged, { timeout: 20_000 }).toMatch(/posts\/b\.md:3:1: a \[ above is not closed/)
  await expect.poll(titles, { timeout: 20_000 }).toEqual(['A again'])
  await rm(join(folder, 'posts', 'a.md'))
  await expect.poll(titles, { timeout: 20_000 }).toEqual([])
})

it('has none for a configuration from a URL', async () => {
  expect(await readPosts('https://example.com/targets.yml')).toEqual({ posts: [], issues: [] })
})
