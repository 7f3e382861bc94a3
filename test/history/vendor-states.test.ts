import { expect, it } from 'vitest'
import { writeReport } from '../../src/history/report/formats.ts'
import { monthPeriod } from '../../src/history/report/period.ts'
import { buildReport } from '../../src/history/report/report.ts'
import { rollUp } from '../../src/history/roll-up.ts'
import { forget } from '../../src/history/upkeep.ts'
import {
  admissionOf,
  keepVendorStates,
  readVendorStates,
  sumOfAdmissions,
} from '../../src/history/vendors/states.ts'
import { insertResults } from '../../src/history/write/insert.ts'
import { waitFor } from '../support/time/wait-for.ts'
import { onEachDatabase, quiet } from './support/databases.ts'
import { monthRows, time } from './support/month.ts'

const at = (text: string): Date => new Date(`2026-11-20T${text}:00Z`)
const said = [
  { at: at('10:00'), state: 'operational' },
  { at: at('12:34'), state: 'partial_outage' },
  { at: at('13:00'), state: 'operational' },
]

it.each<[what: string, startedAt: Date, endedAt: Date | undefined, admission: object | undefined]>([
  ['is not known before anybody read the page', at('09:00'), at('09:30'), undefined],
  ['may come while it lasts', at('12:00'), undefined, { afterSeconds: 2040 }],
  ['may come within an hour of its end', at('11:00'), at('11:34'), { afterSeconds: 5640 }],
  ['may not come later', at('11:00'), at('11:33'), {}],
  ['may have come before', at('12:50'), at('13:10'), { afterSeconds: 0 }],
  ['may never come', at('14:00'), undefined, {}],
])('an admission %s', (_what, startedAt, endedAt, admission) => {
  expect(admissionOf({ startedAt, ...(endedAt && { endedAt }) }, said)).toEqual(admission)
})

it('admissions are counted, and their median is that of those that came', () => {
  const all = [{ afterSeconds: 60 }, {}, { afterSeconds: 120 }]
  expect(sumOfAdmissions(all)).toEqual({ seen: 3, admitted: 2, medianSeconds: 90 })
  expect(sumOfAdmissions([{}])).toEqual({ seen: 1, admitted: 0 })
  expect(sumOfAdmissions([...all, { afterSeconds: 0 }])).toEqual({ seen: 4, admitted: 3, medianSeconds: 60 })
})

onEachDatabase('what vendors say of themselves', (sql) => {
  it('is stored when it changes, once though two read it, and kept for as long as it is the last', async () => {
    const keepers = [0, 1].map(() => keepVendorStates({ sql: sql(), log: quiet, retryMs: 1 }))
    for (const [index, change] of said.entries()) {
      for (const keeper of keepers)
        keeper.add('acme', { ...change, at: new Date(change.at.getTime() + index) })
      await waitFor('it is stored', async () => ((await stored()).length > index ? true : undefined))
    }
    keepers[0]?.add('acme', { at: at('14:00'), state: 'operational' })
    keepers[0]?.add('other', { at: at('14:00'), state: 'degraded' })
    await waitFor(
      'the other is stored',
      async () => (await stored()).some(({ vendor }) => vendor === 'other') || undefined,
    )
    expect((await stored()).filter(({ vendor }) => vendor === 'acme').map(({ state }) => state)).toEqual(
      said.map(({ state }) => state),
    )
    for (const keeper of keepers) keeper.stop()
    const read = await readVendorStates(sql(), { from: at('12:50').getTime(), to: at('12:55').getTime() })
    expect(read.get('acme')?.map(({ state }) => state)).toEqual(['partial_outage', 'operational'])
    await forget(sql(), at('12:50').getTime() + 400 * 86_400_000)
    expect((await stored()).map(({ vendor, state }) => `${vendor} ${state}`)).toEqual([
      'acme operational',
      'other degraded',
    ])
  })

  const stored = () =>
    sql().query<{ vendor: string; state: string }>(
      'select vendor, state from probity.vendor_states order by vendor, at',
    )
})

onEachDatabase('the report', (sql) => {
  it('says how many incidents the vendor admitted, and how much later', async () => {
    const rows = monthRows()
    for (let start = 0; start < rows.length; start += 2000)
      await insertResults(sql(), rows.slice(start, start + 2000))
    await rollUp(sql())
    const build = () =>
      buildReport({
        sql: sql(),
        period: monthPeriod('2026-10', 'Europe/Berlin'),
        timeZone: 'Europe/Berlin',
        vendors: new Map(),
        now: time('11-15T00:00:00'),
      })
    const before = (await build()).vendors[0]
    expect(before?.admissions).toBeUndefined()
    const incidents = before?.incidents ?? []
    const [, second] = incidents
    const keeper = keepVendorStates({ sql: sql(), log: quiet })
    keeper.add('stripe', { at: new Date(0), state: 'operational' })
    keeper.add('stripe', { at: new Date(second!.startedAt.getTime() + 34 * 60_000), state: 'degraded' })
    keeper.add('stripe', { at: new Date(second!.startedAt.getTime() + 35 * 60_000), state: 'operational' })
    await waitFor('it is stored', async () =>
      (await readVendorStates(sql(), { from: 0, to: 4e12 })).get('stripe')?.length === 3 ? true : undefined,
    )
    keeper.stop()
    const report = await build()
    expect(report.vendors[0]?.admissions).toEqual({
      seen: incidents.length,
      admitted: 1,
      medianSeconds: 2040,
    })
    const text = writeReport.text(report)
    expect(text).toMatch(
      new RegExp(`admitted by the vendor +${incidents.length} incidents seen, 1 admitted, median 34m later`),
    )
    expect(text).toContain('34m later')
    expect(writeReport.csv(report).split('\r\n')[2]).toMatch(/,2040,$/)
    expect(writeReport.csv(report).split('\r\n')[1]).toMatch(/,never,$/)
  })
})
