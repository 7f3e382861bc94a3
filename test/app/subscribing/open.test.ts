import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { openSubscribing, type SubscribingParts } from '../../../src/app/subscribing/open.ts'
import { atEnd } from '../../support/at-end.ts'
import { aPage } from '../../support/public-page.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

it.each([
  [{ channel: 'mail' }, true],
  [undefined, false],
])('notify.yml is read before the first visitor comes, if a page needs it: %j', async (subscribe, isRead) => {
  const file = join(await tempFolder(), 'notify.yml')
  await writeFile(file, 'channels: none\n')
  const logged: string[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) })
  const page = aPage({ host: 'status.example.com', ...(subscribe && { subscribe }) })
  const opened = openSubscribing(
    { notify: { file, optional: true } },
    undefined,
    {
      config: () => ({ publicPages: [page] }),
      // The database is not there yet.
      recording: { history: { isOpen: () => false } },
      access: { addressOf: () => '' },
    } as unknown as SubscribingParts,
    {
      env: {},
      log,
      clock: { now: () => 0, monotonic: () => 1e6 },
      timers: { after: () => () => undefined },
    },
  )
  atEnd(opened.stop)
  if (isRead) await waitFor('the file', () => logged.join('').includes('nobody can subscribe'))
  await opened.stop()
  expect(logged.join('').includes('nobody can subscribe')).toBe(isRead)
})
