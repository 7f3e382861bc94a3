import { describe, expect, it } from 'vitest'
import { makeReport } from '../../src/app/report/make.ts'
import { openHistory } from '../../src/history/store.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { embeddedFiles } from '../support/embedded.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { testClock } from '../support/time/clock.ts'

const log = createLogger({ destination: { write: () => undefined } })
const clock = testClock('2026-11-20T12:00:00Z')
type Request = Parameters<typeof makeReport>[0]
const config: Request['config'] = {
  vendors: new Map([['stripe', { name: 'stripe', sla: 0.99 }]]),
  targets: [],
  callTargets: [],
}

const make = (request: Partial<Request> = {}): ReturnType<typeof makeReport> =>
  makeReport({ place: { folder: 'nowhere' }, config, ...request }, { clock, log })

describe('probity report', () => {
  it('reads what a process before it has stored, up to its last row', async () => {
    const folder = await embeddedFiles(await tempFolder())
    const events = { written: () => undefined, dropped: () => undefined }
    const history = await openHistory({ folder, clock, log, events })
    for (const [at, success] of [
      ['2026-11-20T10:00:00Z', true],
      ['2026-11-20T10:00:30Z', false],
      ['2026-11-20T10:01:00Z', true],
    ] as const)
      history.add({
        target: 'pay',
        location: 'here',
        labels: { vendor: 'stripe' },
        checked_at: at,
        duration_seconds: 0.1,
        interval_seconds: 30,
        success,
      })
    await expect(make({ place: { folder } })).rejects.toMatchObject({ code: 'FOLDER_LOCKED' })
    await history.stop()
    const report = await make({ place: { folder }, vendor: 'stripe' })
    expect(report).toMatchObject({ month: '2026-11', timeZone: 'UTC', to: new Date(clock.now()) })
    expect(report.vendors).toMatchObject([{ vendor: 'stripe', sla: 0.99, upSeconds: 60, downSeconds: 30 }])
  })

  it.each([
    [{ vendor: 'strip' }, 'there is no vendor "strip" (did you mean stripe?): there are stripe'],
    [{ month: '2026-1' }, '"2026-1" is not a valid month: expected one such as 2026-10'],
    [{ timeZone: 'Mars' }, '"Mars" is not a valid time zone: expected one such as UTC or Europe/Berlin'],
    [{}, 'there is no history in nowhere: set DATABASE_URL, or set --storage.path to its folder'],
  ])('refuses %j', async (request, message) => {
    await expect(make(request)).rejects.toThrow(message)
  })

  it('says that the server does not answer', async () => {
    const place = { databaseUrl: 'postgres://probity@127.0.0.1:1/none', folder: 'nowhere' }
    await expect(make({ place })).rejects.toMatchObject({ code: 'HISTORY_UNREACHABLE' })
  })
})
