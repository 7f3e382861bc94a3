import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report, VendorReport } from '../../src/history/report/reported.ts'
import type { SqlAnswer } from '../support/grafana-sql.ts'
import { describeWithPostgres } from '../support/programs/postgres.ts'
import { startVendorsHistory, type VendorsHistory } from './vendors-history.ts'
import { queriesOfMonth, queriesOfNothing } from './vendors-queries.ts'

describeWithPostgres('the dashboard of vendors', () => {
  let history: VendorsHistory
  let report: Report

  beforeAll(async () => {
    history = await startVendorsHistory()
  })

  afterAll(() => history.stop())

  queriesOfNothing(() => history)

  describe('of the month that was computed by hand and of others', () => {
    beforeAll(async () => {
      await history.load()
      report = await history.report()
    })

    queriesOfMonth(() => history)

    const of = (vendor: string): VendorReport =>
      report.vendors.find((one) => one.vendor === (vendor === 'without a vendor' ? '' : vendor))!
    const rowsOf = async (title: string): Promise<SqlAnswer['rows']> => (await history.panel(title)).rows

    it('Availability against the promise: as the report has it, to the millisecond', async () => {
      const rows = await rowsOf('Availability against the promise')
      expect(rows.map(({ Vendor }) => Vendor)).toHaveLength(report.vendors.length)
      for (const found of rows) {
        const wanted = of(found.Vendor as string)
        expect(found).toMatchObject({
          Promised: wanted.sla ?? null,
          Checks: wanted.checks,
          Failed: wanted.failures,
        })
        close(found['Available'], wanted.availability, 9)
        close(found['Before'], wanted.previous.availability, 9)
        close(found['May be down'], wanted.budgetSeconds)
        close(found['Down'], wanted.downSeconds)
        close(found['Over the budget'], wanted.overBudgetSeconds)
        close(found['Unobserved'], wanted.unobservedSeconds)
      }
    })

    it('Availability against the promise: stripe, as computed by hand', async () => {
      const rows = await rowsOf('Availability against the promise')
      const stripe = rows.find(({ Vendor }) => Vendor === 'stripe')!
      expect(stripe).toMatchObject({ Promised: 0.999, Checks: 8905, Failed: 29 })
      close(stripe['Down'], 8700)
      close(stripe['Over the budget'], 6028.5)
      close(stripe['Unobserved'], 10_500)
      close(stripe['Available'], 2_662_800 / 2_671_500, 9)
      close(stripe['Before'], 35_100 / 36_000, 9)
    })

    it('Availability against the promise: what was down in maintenance counts where the promise is not without it', () => {
      const { maintenanceSeconds, downInMaintenanceSeconds, slaExcludesMaintenance } = of("o'neill")
      expect(slaExcludesMaintenance).toBe(true)
      expect(downInMaintenanceSeconds).toBeGreaterThan(600)
      expect(maintenanceSeconds).toBeGreaterThan(downInMaintenanceSeconds)
    })

    it('Whom to talk to: in the order of the report, each with its reason', async () => {
      const rows = await rowsOf('Whom to talk to')
      expect(rows.map(({ Vendor }) => of(Vendor as string).vendor)).toEqual(
        report.vendors.map(({ vendor }) => vendor),
      )
      expect(rows.map(({ Rank }) => Rank)).toEqual([1, 2, 3, 4])
      const why = new Map(rows.map((found) => [found.Vendor, found.Why]))
      expect(why.get('stripe')).toBe(
        'down 100.5 min longer than 99.9 % allows: claim it, then ask for the cause',
      )
      expect(why.get('free')).toMatch(/^promises nothing and was down \d+\.\d min: ask for a promise/)
      expect(why.get('without a vendor')).toBe('promises nothing, and was up')
      expect(rows.find(({ Vendor }) => Vendor === 'stripe')!['Status page']).toBe('https://status.example')
    })

    it('the four numbers: add up what the report says', async () => {
      const number = async (title: string): Promise<unknown> => Object.values((await rowsOf(title))[0]!)[0]
      const over = report.vendors.map(({ overBudgetSeconds = 0 }) => overBudgetSeconds)
      expect(await number('Beyond their promise')).toBe(over.filter((seconds) => seconds > 0).length)
      close(await number('Over the budget'), sum(over), 2)
      expect(await number('Incidents')).toBe(sum(report.vendors.map(({ incidents }) => incidents.length)))
      const length = (report.to.getTime() - report.from.getTime()) / 1000
      const unobserved = report.vendors.map(({ unobservedSeconds }) => unobservedSeconds / length)
      close(await number('Unobserved'), sum(unobserved) / unobserved.length, 6)
    })

    it('Downtime per day: the days are those of the time zone, and add up to what was down', async () => {
      const rows = await rowsOf('Downtime per day')
      for (const { vendor, downSeconds } of report.vendors) {
        const own = rows.filter(({ metric }) => of(metric as string).vendor === vendor)
        close(sum(own.map(({ down }) => down as number)), downSeconds, 2)
      }
      const stripe = rows.filter(({ metric }) => metric === 'stripe')
      expect(
        stripe.map((one) => [(one.time as Date).toISOString().slice(5, 16), Math.round(one.down as number)]),
      ).toEqual([
        ['09-30T22:00', 900],
        ['10-03T22:00', 600],
        ['10-04T22:00', 1800],
        ['10-09T22:00', 600],
        ['10-24T22:00', 3600],
        ['10-30T23:00', 1200],
      ])
    })

    it('Incidents and recovery: the mean time of the report', async () => {
      const rows = await rowsOf('Incidents and recovery')
      const withIncidents = report.vendors.filter(({ incidents }) => incidents.length > 0)
      expect(rows).toHaveLength(withIncidents.length)
      for (const found of rows) {
        const wanted = of(found.Vendor as string)
        expect(found.Incidents).toBe(wanted.incidents.length)
        close(found.MTTR, wanted.mttrSeconds)
      }
      const stripe = rows.find(({ Vendor }) => Vendor === 'stripe')!
      expect(stripe).toMatchObject({ Incidents: 5, Longest: 4800, MTTR: 2100 })
    })

    it('Incidents: the evidence: every one of the report, with its first and its last failure', async () => {
      const rows = await rowsOf('Incidents: the evidence')
      const key = (one: { target: string; at: Date }): string => `${one.at.toISOString()} ${one.target}`
      const wanted = new Map(
        report.vendors
          .flatMap(({ incidents }) => incidents)
          .map((one) => [key({ target: one.target, at: one.startedAt }), one]),
      )
      expect(rows).toHaveLength(wanted.size)
      for (const found of rows) {
        const one = wanted.get(key({ target: found.Target as string, at: found.Began as Date }))!
        expect(found).toMatchObject({
          Ended: one.endedAt ?? null,
          Location: one.location,
          Reason: one.reason,
          'First failure': one.message,
          'Last failure at': one.lastFailureAt,
          'Last failure': `${one.lastReason}: ${one.lastMessage}`,
          'In maintenance': one.inMaintenance ? 'yes' : 'no',
        })
        close(found.Down, one.downSeconds, 2)
      }
    })

    it('Latency against the period before: the quantiles of the report', async () => {
      const rows = await rowsOf('Latency against the period before')
      expect(rows).toHaveLength(report.vendors.length)
      for (const found of rows) {
        const { previous, ...wanted } = of(found.Vendor as string)
        for (const quantile of ['p50', 'p95', 'p99'] as const) {
          close(found[quantile], wanted[quantile], 9)
          close(found[`${quantile} before`], previous[quantile], 9)
        }
        close(found.Change, wanted.p95! / previous.p95! - 1, 9)
      }
    })

    it('Failures by hour of the day: those of the report, for one vendor and for all', async () => {
      const hours = async (chosen: readonly string[]): Promise<unknown> =>
        (await history.panel('Failures by hour of the day', { vendors: chosen })).rows.map(
          (one) => one['Failed checks'],
        )
      const wanted = (all: readonly VendorReport[]): number[] =>
        Array.from({ length: 24 }, (_, hour) => sum(all.map((one) => one.failuresByHour[hour]!.failures)))
      expect(await hours(['stripe'])).toEqual(wanted([of('stripe')]))
      expect(await hours(await history.options())).toEqual(wanted(report.vendors))
    })

    it('Failures by reason: those of the report', async () => {
      const { rows } = await history.panel('Failures by reason', { vendors: ["o'neill"] })
      expect(rows.map((one) => [one.Reason, one['Failed checks']])).toEqual(
        Object.entries(of("o'neill").failuresByReason),
      )
      expect(rows).toHaveLength(2)
    })

    it('Worst endpoints and Unobserved time: those of the report', async () => {
      const endpoints = new Map(
        report.vendors.flatMap((one) => one.endpoints).map((one) => [one.target, one]),
      )
      const worst = await rowsOf('Worst endpoints')
      expect(worst).toHaveLength(endpoints.size)
      for (const found of worst) {
        const wanted = endpoints.get(found.Target as string)!
        close(found.Available, wanted.availability, 9)
        close(found.Down, wanted.downSeconds)
        close(found['Over the budget'], wanted.overBudgetSeconds)
        close(found.p95, wanted.p95, 9)
      }
      for (const found of await rowsOf('Unobserved time'))
        close(found.Unobserved, endpoints.get(found.Target as string)!.unobservedSeconds)
    })

    it('Calls and checks: those of the report', async () => {
      const rows = await rowsOf('Calls and checks')
      expect(rows.map(({ Target }) => Target)).toEqual(['pay', 'search'])
      for (const found of rows) {
        const { calls, errorRatio, overLimit, p95, checks } = of(
          found.Vendor as string,
        ).calls!.endpoints.find(({ target }) => target === found.Target)!
        expect(found.Calls).toBe(calls)
        close(found.Failed, errorRatio, 9)
        close(found['Over the limit'], overLimit / calls, 9)
        close(found.p95, p95, 9)
        close(found['Checks failed'], checks!.failures / checks!.checks, 9)
        close(found['p95 of checks'], checks!.p95, 9)
      }
      expect(rows[0]).toMatchObject({ Failed: 0.0625, 'Over the limit': 0.03 })
    })
  })
})

/** Equal, within what a millisecond and floating point make of it. */
function close(found: unknown, wanted: number | undefined, digits = 2): void {
  if (wanted === undefined) expect(found).toBeNull()
  else expect(found).toBeCloseTo(wanted, digits)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
