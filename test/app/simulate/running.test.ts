import express from 'express'
import { expect, it } from 'vitest'
import { announce } from '../../../src/app/report/running.ts'
import { askForChecks } from '../../../src/app/simulate/running.ts'
import type { StoredCheck } from '../../../src/history/reads/checks.ts'
import { listenHttp } from '../../../src/lib/http/listen.ts'
import { checksRoute } from '../../../src/web/api/checks.ts'
import { tempFolder } from '../../support/temp-folder.ts'

it('a running process is asked for its checks in as many answers as it takes, and each comes once', async () => {
  const noon = Date.parse('2026-11-21T12:00:00Z')
  // Several begin at the same moment, or within a millisecond, where one answer ends.
  const stored = [0, 1, 1, 1.0002, 1.0008, 2, 3, 3, 3.0007, 3.0008, 800, 801].map(
    (seconds, index): StoredCheck => ({
      target: `t${index}`,
      location: 'here',
      at: noon / 1000 + seconds,
      durationSeconds: 0.1,
    }),
  )
  const asked: number[] = []
  const app = express().use(
    checksRoute({
      most: 4,
      now: () => noon,
      checks({ from, to }, most) {
        const found = stored.filter(({ at }) => at * 1000 >= from.getTime() && at * 1000 < to.getTime())
        asked.push(most)
        return Promise.resolve(found.slice(0, most))
      },
    }),
  )
  const server = await listenHttp(app, { host: '127.0.0.1', port: 0 })
  const folder = await tempFolder()
  await announce(folder, { url: server.url, token: 'secret' })
  const came: string[] = []
  const range = { from: new Date(noon), to: new Date(noon + 1_800_000) }
  for await (const some of askForChecks(folder, range)) came.push(...some.map(({ target }) => target))
  await server.stop()
  expect(came).toEqual(stored.map(({ target }) => target))
  expect(new Set(asked)).toEqual(new Set([5]))
  expect(asked.length).toBeGreaterThan(2)
})
