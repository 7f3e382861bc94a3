import { beforeAll, expect, it } from 'vitest'
import { readIncidents } from '../../../src/history/reads/incidents.ts'
import { readLatencySeries } from '../../../src/history/reads/latency-series.ts'
import { readOverview } from '../../../src/history/reads/overview.ts'
import { writeReport } from '../../../src/history/report/formats.ts'
import { monthPeriod } from '../../../src/history/report/period.ts'
import { buildReport } from '../../../src/history/report/report.ts'
import type { Report, VendorReport } from '../../../src/history/report/reported.ts'
import { rollUp } from '../../../src/history/roll-up.ts'
import { insertRows } from '../../../src/history/write/insert.ts'
import { onEachDatabase } from '../support/databases.ts'
import { change, interval, month, outages, reckon, vendorCalls, vendorRows } from '../support/vendor-month.ts'

const rows = vendorRows()
const iso = (at: number): string => new Date(at).toISOString()
/** One check in twenty arrives when all others are there: the newest label is known by then. */
const isLate = (_: unknown, index: number): boolean => index % 20 === 7

onEachDatabase('the report of a month in which a target changes its vendor', (sql) => {
  let report: Report

  beforeAll(async () => {
    const given = [...rows, ...vendorCalls()]
    for (const part of [given.filter((one, at) => !isLate(one, at)), given.filter(isLate)]) {
      for (let start = 0; start < part.length; start += 2000)
        await insertRows(sql(), part.slice(start, start + 2000))
      await rollUp(sql())
    }
    report = await buildReport({
      sql: sql(),
      period: monthPeriod('2026-10', 'UTC'),
      timeZone: 'UTC',
      vendors: new Map(),
      now: month.to + 14 * 86_400_000,
    })
  })

  const of = (name: string): VendorReport => report.vendors.find(({ vendor }) => vendor === name)!

  it.each([
    ['stripe', 'pay'],
    ['stripe', 'mail'],
    ['adyen', 'pay'],
  ])('gives %s each check of %s that was made while it was its vendor', (vendor, target) => {
    const { began, ...sums } = reckon(rows, vendor, target)
    expect(sums.checks).toBeGreaterThan(500)
    const { endpoints, incidents } = of(vendor)
    expect(endpoints.find((one) => one.target === target)).toMatchObject(sums)
    const own = incidents.filter((one) => one.target === target)
    expect(own.map(({ startedAt }) => startedAt.getTime())).toEqual(began)
    expect(own.reduce((sum, { downSeconds }) => sum + downSeconds, 0)).toBe(sums.downSeconds)
  })

  it('loses no check and no call, and gives none to both', () => {
    const sums = report.vendors.map(({ checks, failures, calls }) => [checks, failures, calls?.calls ?? 0])
    expect(sums.reduce((sum, one) => sum.map((n, at) => n + one[at]!))).toEqual([
      rows.length,
      rows.filter(({ success }) => !success).length,
      31 * 24,
    ])
    // Ten hours and a half of the fifteenth, and the two while it was back.
    expect(of('stripe').calls?.calls).toBe(14 * 24 + 11 + 2)
    expect(of('stripe').calls?.errors).toBe(7 * 24 + 5 + 1)
  })

  it.each(['text', 'md', 'html', 'csv', 'json'] as const)('says so as %s', (format) => {
    const text = writeReport[format](report)
    for (const vendor of ['stripe', 'adyen']) {
      const all = ['pay', 'mail'].map((target) => reckon(rows, vendor, target))
      const checks = all.reduce((sum, one) => sum + one.checks, 0)
      const failures = all.reduce((sum, one) => sum + one.failures, 0)
      const began = all.flatMap((one) => one.began)
      if (format === 'csv') {
        const own = text.split('\r\n').filter((line) => line.startsWith(`${vendor},pay,here,`))
        expect(own.map((line) => line.split(',')[3])).toEqual(began.map(iso))
      } else if (format === 'json') {
        const read = JSON.parse(text) as Report
        expect(read.vendors.find((one) => one.vendor === vendor)).toMatchObject({ checks, failures })
      } else {
        const section = sectionOf(text, vendor)
        expect(section).toContain(`${checks}, ${failures} failed`)
        const first = began.map((at) => iso(at).replace('T', ' ').replace('.000Z', 'Z'))
        const known = outages.map(([from]) => iso(from).replace('T', ' ').replace('.000Z', 'Z'))
        for (const moment of first) expect(section).toContain(moment)
        for (const moment of known.filter((one) => !first.includes(one)))
          expect(section).not.toContain(`here  ${moment}`)
      }
    }
  })

  /** From the heading of a vendor to the next one. */
  function sectionOf(text: string, vendor: string): string {
    const heading = (name: string): number => {
      const at = [`\n${name}\n=`, `## ${name}\n`, `<h2>${name}</h2>`].map((one) => text.indexOf(one))
      return Math.max(...at)
    }
    const start = heading(vendor)
    const other = heading(vendor === 'stripe' ? 'adyen' : 'stripe')
    expect(start).toBeGreaterThan(0)
    return text.slice(start, other > start ? other : undefined)
  }

  const view = { targets: ['pay'], location: 'here' }

  it('leaves the page of the target whole: an outage goes on over the change', async () => {
    const incidents = await readIncidents(sql(), view, { limit: 9 })
    const inOrder = [...outages].sort(([a], [b]) => b - a)
    expect(incidents.map(({ startedAt, endedAt }) => [startedAt.getTime(), endedAt?.getTime()])).toEqual(
      inOrder,
    )
    expect(incidents.map(({ lastFailure }) => lastFailure.at.getTime())).toEqual(
      inOrder.map(([, to]) => to - interval * 1000),
    )
  })

  it('leaves days, hours and curves whole', async () => {
    const now = change + 1_800_000
    const past = (await readOverview(sql(), view, now)).get('pay')
    const own = rows.filter(({ target }) => target === 'pay')
    const within = (from: number, to: number) =>
      own.filter(({ checked_at: at }) => Date.parse(at) >= from && Date.parse(at) < to)
    const today = Date.parse('2026-10-15T00:00:00Z')
    const ofDay = within(today, today + 86_400_000)
    expect(past?.days.at(-1)).toMatchObject({
      checks: ofDay.length,
      failures: ofDay.filter(({ success }) => !success).length,
    })
    const curve = await readLatencySeries(sql(), {
      ...view,
      target: 'pay',
      from: new Date(today),
      to: new Date(today + 3 * 86_400_000),
    })
    expect(curve.points).toHaveLength(3 * 24)
    expect(curve.points.every(({ checks }) => checks === 6)).toBe(true)
    // 0.1 s under the one vendor and 0.5 s under the other; the rest of the hour failed.
    expect(past?.sparkline.at(-1)).toBeCloseTo(0.1, 2)
  })
})
