import { beforeAll, expect, it } from 'vitest'
import { insertResults } from '../../../src/history/write/insert.ts'
import { monthPeriod } from '../../../src/history/report/period.ts'
import { buildReport } from '../../../src/history/report/report.ts'
import type { Report, VendorReport } from '../../../src/history/report/reported.ts'
import { rollUp } from '../../../src/history/roll-up.ts'
import { forget } from '../../../src/history/upkeep.ts'
import { writeVendors } from '../../../src/history/vendors/promises.ts'
import { onEachDatabase } from '../support/databases.ts'
import { failed, row } from '../support/rows.ts'

const time = (text: string): number => Date.parse(`2026-${text}Z`)
const interval = 600
const month = 31 * 86_400

const maintenances = [
  ['10-03T22:00:00', '10-04T02:00:00'], // over midnight
  ['10-10T00:00:00', '10-10T06:00:00'], // around the gap
  ['10-15T10:02:30', '10-15T10:17:30'], // only the check of 10:10 is in it, which speaks until 10:20
  ['10-20T12:00:00', '10-20T13:00:00'],
  ['10-31T23:00:00', '11-01T01:00:00'], // over the end of the month
]
const outages = [
  ['10-03T23:00:00', '10-03T23:40:00'], // in a maintenance
  ['10-04T01:30:00', '10-04T03:00:00'], // longer than the maintenance
  ['10-10T00:50:00', '10-10T03:00:00'], // in a maintenance, into the gap
  ['10-20T11:30:00', '10-20T12:30:00'], // began before the maintenance
]
const within =
  (spans: string[][]) =>
  (at: number): boolean =>
    spans.some(([from, to]) => time(from!) <= at && at < time(to!))
const isMaintained = within(maintenances)
const isDown = within(outages)
const isGap = (at: number): boolean => time('10-10T01:00:00') < at && at < time('10-10T03:00:00')

// 40 min, 90 min, 20 min until the gap and 60 min; of these 40 min, 30 min, 20 min and 30 min in a maintenance.
const [down, downInMaintenance] = [12_600, 7200]
// From 01:10, when the next check was due, to 03:00.
const unobserved = 6600
const observed = month - unobserved
// 4 h, 6 h without the gap, 10 min, 1 h, and the hour until the end of the month.
const maintained = 14_400 + (21_600 - unobserved) + 600 + 3600 + 3600

const promise = { sla: 0.999, slaExcludesMaintenance: true }
const vendors = new Map([
  ['counting', { name: 'counting', sla: 0.999 }],
  ['excluding', { name: 'excluding', ...promise }],
  ['half', { name: 'half', ...promise }],
])

onEachDatabase('the report of a month with maintenance', (sql) => {
  let report: Report
  const build = (): Promise<Report> =>
    buildReport({
      sql: sql(),
      period: monthPeriod('2026-10', 'UTC'),
      timeZone: 'UTC',
      vendors,
      now: time('11-15T00:00:00'),
    })
  const of = (name: string): VendorReport => report.vendors.find(({ vendor }) => vendor === name)!

  beforeAll(async () => {
    const rows = []
    for (let at = time('09-30T00:00:00'); at < time('11-01T02:00:00'); at += interval * 1000) {
      const fields = { interval_seconds: interval, maintenance: isMaintained(at) }
      for (const vendor of vendors.keys())
        if (!isGap(at))
          rows.push((isDown(at) ? failed : row)(at, { ...fields, target: vendor, labels: { vendor } }))
      rows.push(row(at, { interval_seconds: interval, target: 'always up', labels: { vendor: 'half' } }))
    }
    for (let start = 0; start < rows.length; start += 2000)
      await insertResults(sql(), rows.slice(start, start + 2000))
    await rollUp(sql())
    await writeVendors(sql(), [...vendors.values()])
    report = await build()
  })

  it.each(['counting', 'excluding'])(
    'tells the time as it was, and what of it was maintenance: %s',
    (name) => {
      expect(of(name)).toMatchObject({
        upSeconds: observed - down,
        downSeconds: down,
        unobservedSeconds: unobserved,
        maintenanceSeconds: maintained,
        downInMaintenanceSeconds: downInMaintenance,
      })
      expect(maintained).toBe(37_200)
    },
  )

  it('counts a maintenance as it was, where the promise says nothing of it', () => {
    const { availability, budgetSeconds, overBudgetSeconds, slaExcludesMaintenance } = of('counting')
    expect(slaExcludesMaintenance).toBe(false)
    expect(availability).toBeCloseTo(2_659_200 / 2_671_800, 12)
    expect(budgetSeconds).toBeCloseTo(2671.8, 6)
    expect(overBudgetSeconds).toBeCloseTo(12_600 - 2671.8, 6)
  })

  it('leaves a maintenance out of what was promised, where the promise is without it', () => {
    const { availability, budgetSeconds, overBudgetSeconds, slaExcludesMaintenance, endpoints } =
      of('excluding')
    expect(slaExcludesMaintenance).toBe(true)
    expect(availability).toBeCloseTo(2_629_200 / 2_634_600, 12)
    expect(budgetSeconds).toBeCloseTo(2634.6, 6)
    expect(overBudgetSeconds).toBeCloseTo(5400 - 2634.6, 6)
    expect(endpoints[0]!.overBudgetSeconds).toBeCloseTo(5400 - 2634.6, 6)
    expect(endpoints[0]!.availability).toBeCloseTo(2_629_200 / 2_634_600, 12)
  })

  it('has the means of its endpoints, of which one had none', () => {
    const half = of('half')
    expect(half).toMatchObject({ maintenanceSeconds: 18_600, downInMaintenanceSeconds: 3600 })
    expect(half.availability).toBeCloseTo(2_653_800 / 2_656_500, 12)
    expect(half.overBudgetSeconds).toBeCloseTo(2700 - 2656.5, 6)
    expect(half.endpoints.map(({ target, maintenanceSeconds: seconds }) => [target, seconds])).toEqual([
      ['half', 37_200],
      ['always up', 0],
    ])
  })

  it('marks the incidents that began in one', () => {
    expect(of('excluding').incidents.map((one) => [one.downSeconds, one.inMaintenance])).toEqual([
      [2400, true],
      [5400, true],
      [1200, true],
      [3600, false],
    ])
  })

  it('agrees with what dashboards read', async () => {
    const close = (value: number | undefined): unknown => expect.closeTo(value ?? NaN, 6)
    const names = [...vendors.keys()].sort()
    const bounds = [report.from, report.to].map((at) => at.toISOString())
    expect(
      await sql().query('select * from probity.vendors_measured($1, $2) order by vendor', bounds),
    ).toEqual(
      names.map(of).map((one) =>
        expect.objectContaining({
          vendor: one.vendor,
          up_seconds: close(one.upSeconds),
          down_seconds: close(one.downSeconds),
          unobserved_seconds: close(one.unobservedSeconds),
          availability: close(one.availability),
          budget_seconds: close(one.budgetSeconds),
          over_seconds: close(one.overBudgetSeconds),
        }),
      ),
    )
  })

  it('says the same when the single checks are gone', async () => {
    await forget(sql(), Date.parse('2027-01-20T00:00:00Z'))
    expect(await sql().query('select 1 from probity.probe_results limit 1')).toEqual([])
    expect(await build()).toEqual(report)
  })
})
