import { beforeEach, expect, it } from 'vitest'
import { writeReport } from '../../../src/history/report/formats.ts'
import { monthPeriod } from '../../../src/history/report/period.ts'
import { buildReport } from '../../../src/history/report/report.ts'
import type { Report } from '../../../src/history/report/reported.ts'
import { rollUp } from '../../../src/history/roll-up.ts'
import { insertResults } from '../../../src/history/write/insert.ts'
import { onEachDatabase } from '../support/databases.ts'
import { empty, failed, row } from '../support/rows.ts'

const at = (text: string): number => Date.parse(`2026-${text}Z`)
const gone = { target: 'gone' }

onEachDatabase('the report of a target that was removed while it failed', (sql) => {
  beforeEach(() => empty(sql()))

  async function reportOf(month: string, lastCheckOfOthers: number): Promise<Report> {
    await insertResults(sql(), [
      row(at('10-05T10:00:00'), gone),
      failed(at('10-05T10:00:30'), gone),
      failed(at('10-05T10:01:00'), gone),
      row(at('10-05T10:00:00')),
      row(lastCheckOfOthers),
    ])
    await rollUp(sql())
    const period = monthPeriod(month, 'UTC')
    return buildReport({ sql: sql(), period, timeZone: 'UTC', vendors: new Map(), now: at('12-01T00:00:00') })
  }

  it('ends its incident at its last check, and says so', async () => {
    const report = await reportOf('2026-10', at('11-05T10:00:00'))
    const [vendor] = report.vendors
    expect(vendor!.incidents).toMatchObject([
      { target: 'gone', endedAt: new Date(at('10-05T10:01:00')), noLongerWatched: true, downSeconds: 60 },
    ])
    expect(vendor).not.toHaveProperty('mttrSeconds')
    for (const format of ['text', 'md', 'html'] as const)
      expect(writeReport[format](report)).toContain('2026-10-05 10:01:00Z no longer watched')
    expect(writeReport.csv(report)).toMatch(/,2026-10-05T10:01:00.000Z,60.000,.*,no,yes,,\r\n$/)
  })

  it('has nothing of it in a later month', async () => {
    const report = await reportOf('2026-11', at('11-05T10:00:00'))
    expect(report.vendors.flatMap(({ incidents }) => incidents)).toEqual([])
  })

  it('leaves it ongoing while nothing is checked from there at all', async () => {
    const october = await reportOf('2026-10', at('10-05T10:02:00'))
    const [incident] = october.vendors[0]!.incidents
    expect(incident).not.toHaveProperty('endedAt')
    expect(incident).not.toHaveProperty('noLongerWatched')
  })
})

onEachDatabase('the report of a target that was paused while it failed', (sql) => {
  beforeEach(() => empty(sql()))

  it('counts the pause as neither up nor down, and the incident goes on after it', async () => {
    await insertResults(sql(), [
      row(at('10-05T10:00:00')),
      failed(at('10-05T10:00:30')),
      failed(at('10-05T10:01:00')),
      // Enabled again an hour later.
      failed(at('10-05T11:01:00')),
      row(at('10-05T11:01:30')),
    ])
    await rollUp(sql())
    const period = monthPeriod('2026-10', 'UTC')
    const report = await buildReport({
      sql: sql(),
      period,
      timeZone: 'UTC',
      vendors: new Map(),
      now: at('12-01T00:00:00'),
    })
    const [vendor] = report.vendors
    // Two failed checks stand for 30 s each before the pause, and one after it.
    expect(vendor!.incidents).toMatchObject([{ endedAt: new Date(at('10-05T11:01:30')), downSeconds: 90 }])
    expect(vendor).toMatchObject({ downSeconds: 90, upSeconds: 60 })
  })
})
