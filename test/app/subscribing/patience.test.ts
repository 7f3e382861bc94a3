import type { Request } from 'express'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { notifyTypes } from '../../../src/app/channels.ts'
import { startSubscribing, type StartSubscribingOptions } from '../../../src/app/subscribing/subscribing.ts'
import { loadNotify } from '../../../src/config/notify/load.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { aPage } from '../../support/public-page.ts'
import { tempFolder } from '../../support/temp-folder.ts'

it('a visitor does not wait for a database that hangs', async () => {
  const file = join(await tempFolder(), 'notify.yml')
  await writeFile(
    file,
    'channels: { mail: { type: email, from: a@example.org, to: a@example.org, smtp_host: 127.0.0.1 } }\n',
  )
  const config = await loadNotify(file, { env: {}, types: notifyTypes })
  const page = aPage({ host: 'status.example.com', subscribe: { channel: 'mail' } })
  const subscribing = startSubscribing({
    pages: () => [page],
    history: { isOpen: () => true, sql: { query: () => new Promise(() => undefined) } },
    notify: () => config,
    addressOf: () => '192.0.2.1',
    env: {},
    clock: { now: () => 0, monotonic: () => 0 },
    timers: { after: () => () => undefined },
    log: createLogger({ destination: { write: () => undefined } }),
    patienceMs: 10,
  } as unknown as StartSubscribingOptions)
  expect(await subscribing.ask(page, 'anna@example.org', {} as Request)).toBe('unavailable')
  await expect(subscribing.look(page, 'token')).rejects.toThrow('the database does not answer')
  await expect(subscribing.act(page, 'token')).rejects.toThrow('the database does not answer')
})
