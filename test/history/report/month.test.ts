import { beforeAll, expect, it } from 'vitest'
import { insertResults } from '../../../src/history/write/insert.ts'
import { monthPeriod } from '../../../src/history/report/period.ts'
import { writeReport } from '../../../src/history/report/formats.ts'
import { buildReport } from '../../../src/history/report/report.ts'
import type { Report } from '../../../src/history/report/reported.ts'
import { rollUp } from '../../../src/history/roll-up.ts'
import { forget } from '../../../src/history/upkeep.ts'
import { onEachDatabase } from '../support/databases.ts'
import { monthRows, outages, time } from '../support/month.ts'

const vendors = new Map([['stripe', { name: 'stripe', sla: 0.999, url: 'https://status.example' }]])

onEachDatabase('the report of October 2026 in Berlin, which has 31 days and an hour', (sql) => {
  let report: Report
  const build = (): Promise<Report> =>
    buildReport({
      sql: sql(),
      period: monthPeriod('2026-10', 'Europe/Berlin'),
      timeZone: 'Europe/Berlin',
      vendors,
      now: time('11-15T00:00:00'),
    })

  beforeAll(async () => {
    const rows = monthRows()
    for (let start = 0; start < rows.length; start += 2000)
      await insertResults(sql(), rows.slice(start, start + 2000))
    await rollUp(sql())
    report = await build()
  })

  it('splits the month into up, down and unobserved, to the second', () => {
    const month = (31 * 24 + 1) * 3600
    // 15 min of the first outage, 40 min, 10 min until the gap, 60 min, and 20 min of the last.
    const down = 900 + 2400 + 600 + 3600 + 1200
    // From 10:05, when the next check was due, to 13:00.
    const unobserved = 10_500
    expect(report.vendors).toHaveLength(1)
    const [vendor] = report.vendors
    expect(vendor!).toMatchObject({ upSeconds: month - down - unobserved, downSeconds: down })
    expect(vendor!.unobservedSeconds).toBe(unobserved)
    expect(vendor!.availability).toBeCloseTo(2_662_800 / 2_671_500, 12)
    expect(vendor!.budgetSeconds).toBeCloseTo(2671.5, 6)
    expect(vendor!.overBudgetSeconds).toBeCloseTo(6028.5, 6)
  })

  it('compares with the month before, of which only ten hours were observed', () => {
    expect(report.previousMonth).toBe('2026-09')
    expect(report.vendors[0]!.previous).toMatchObject({
      upSeconds: 35_100,
      downSeconds: 900,
      unobservedSeconds: 30 * 86_400 - 36_000,
      checks: 120,
      failures: 3,
    })
  })

  it('has every day, in the time zone', () => {
    const [vendor] = report.vendors
    const { days } = vendor!
    expect(days.map(({ day }) => day)).toEqual(
      Array.from({ length: 31 }, (_, index) => `2026-10-${String(index + 1).padStart(2, '0')}`),
    )
    const sum = (of: (day: (typeof days)[number]) => number): number =>
      days.reduce((total, day) => total + of(day), 0)
    expect(sum(({ downSeconds }) => downSeconds)).toBeCloseTo(vendor!.downSeconds, 6)
    expect(sum(({ checks }) => checks)).toBe(vendor!.checks)
    expect(sum(({ failures }) => failures)).toBe(vendor!.failures)
    for (const { availability, p95 } of days) {
      expect(availability).toBeGreaterThan(0.9)
      expect(p95).toBeGreaterThan(0.09)
    }
  })

  it('counts checks, failures, reasons and hours of the day', () => {
    const [vendor] = report.vendors
    expect(vendor).toMatchObject({ checks: 8905, failures: 29, failuresByReason: { status: 29 } })
    const hours = vendor!.failuresByHour
      .map(({ failures }, hour) => [hour, failures])
      .filter(([, n]) => n! > 0)
    expect(hours).toEqual([
      [0, 9],
      [2, 12],
      [11, 1],
      [12, 1],
      [23, 6],
    ])
  })

  it('has the quantiles of latency within 1 %', () => {
    const { p50, p95, p99 } = report.vendors[0]!
    expect(p50! / 0.1).toBeGreaterThan(0.99)
    expect(p50! / 0.1).toBeLessThan(1.01)
    for (const slow of [p95!, p99!]) {
      expect(slow / 0.5).toBeGreaterThan(0.99)
      expect(slow / 0.5).toBeLessThan(1.01)
    }
  })

  it('lists the incidents with what of them was seen, and the mean time to recovery of those that ended', () => {
    const [vendor] = report.vendors
    expect(vendor!.incidents.map((one) => [one.startedAt.getTime(), one.endedAt?.getTime()])).toEqual(outages)
    expect(vendor!.incidents.map(({ downSeconds }) => downSeconds)).toEqual([900, 2400, 600, 3600, 1200])
    expect(vendor!.mttrSeconds).toBe((1800 + 2400 + 600 + 3600) / 4)
  })

  /** What was computed by hand above, in the words of each format. */
  const said = [
    'stripe',
    '99.6743 % (before: 97.5000 %)',
    '99.9000 %',
    '44.5 min',
    '100.5 min',
    '2h 25m',
    '2h 55m (0.4 %)',
    '8905, 29 failed',
    '35m', // (30 + 40 + 10 + 60) / 4
    'status 29',
    '02:00 12 (3.1 %), 00:00 9 (2.4 %), 23:00 6 (1.6 %)', // of 32 and twice 31 hours of 12 checks
    'pay',
  ]
  const down = ['15m', '40m', '10m', '1h', '20m']

  /** The cells of each incident, in the order of the columns. */
  const incidentCells = outages.map(([from, to], index) => {
    const moment = (at: number): string => new Date(at).toISOString().replace('T', ' ').replace('.000Z', 'Z')
    return ['pay', 'here', moment(from), moment(to), down[index]!, 'status: expected 2xx, got 503']
  })

  it.each(['text', 'md', 'html'] as const)('says the same as %s, incident by incident', (format) => {
    const text = writeReport[format](report)
    for (const words of said) expect(text).toContain(words)
    const separator = { text: /\s{2,}/, md: /\s*\|\s*/, html: /<\/?t[dr]>(?:<td>)?/ }[format]
    const lines = text.split('\n').map((line) => line.split(separator).filter((cell) => cell !== ''))
    const incidents = lines.filter((cells) => cells.includes('status: expected 2xx, got 503'))
    expect(incidents.map((cells) => cells.slice(0, 6))).toEqual(incidentCells)
  })

  it('says the same as CSV, a row for each incident', () => {
    const [, ...rows] = writeReport.csv(report).trimEnd().split('\r\n')
    const seconds = [900, 2400, 600, 3600, 1200]
    // The last check that failed is five minutes before the first that succeeded, or before the gap.
    const last = [
      '09-30T22:10:00',
      '10-04T22:25:00',
      '10-10T10:00:00',
      '10-25T01:25:00',
      '10-31T23:55:00',
    ].map(time)
    const iso = (at: number): string => new Date(at).toISOString()
    expect(rows).toEqual(
      outages.map(
        ([from, to], index) =>
          `stripe,pay,here,${iso(from)},${iso(to)},${seconds[index]}.000,status,503,"expected 2xx, got 503",${iso(last[index]!)},status,"expected 2xx, got 503",no,no,,`,
      ),
    )
  })

  it('says the same when the single checks are gone', async () => {
    await forget(sql(), Date.parse('2027-01-20T00:00:00Z'))
    expect(await sql().query('select 1 from probity.probe_results limit 1')).toEqual([])
    expect(await build()).toEqual(report)
  })

  it('of a month that runs ends now, and knows nothing of what comes', async () => {
    const now = time('10-04T22:10:00')
    const {
      to,
      vendors: [vendor],
    } = await buildReport({
      sql: sql(),
      period: monthPeriod('2026-10', 'UTC'),
      timeZone: 'UTC',
      vendors,
      now,
    })
    expect(to).toEqual(new Date(now))
    expect(vendor).toMatchObject({
      downSeconds: 1200,
      upSeconds: (now - time('10-01T00:00:00')) / 1000 - 1200,
    })
  })
})
