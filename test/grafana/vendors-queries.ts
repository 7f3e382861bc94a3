import { beforeAll, describe, expect, it } from 'vitest'
import { time } from '../history/support/month.ts'
import { sqlDashboards } from '../support/grafana.ts'
import { sqlQueries, type SqlChoice } from '../support/grafana-sql.ts'
import type { VendorsHistory } from './vendors-history.ts'

/** What is asked before anything is loaded. */
export function queriesOfNothing(history: () => VendorsHistory): void {
  describe('every query of a history in which nothing is yet', () => {
    it.each(sqlQueries)('$name: answers', async ({ sql: query }) => {
      const nobody = {
        from: time('10-01T00:00:00'),
        to: time('10-02T00:00:00'),
        vendors: [],
        timeZone: 'browser',
      }
      const { rows } = await history().ask(query, nobody)
      expect(rows.length).toBeLessThanOrEqual(24)
    })
  })
}

/** What is asked of the month, once it is loaded. */
export function queriesOfMonth(history: () => VendorsHistory): void {
  describe('every query of a month', () => {
    let choice: SqlChoice

    beforeAll(async () => {
      choice = await history().choice()
    })

    it('offers every vendor', async () => {
      expect(await history().options()).toEqual(['free', "o'neill", 'stripe', 'without a vendor'])
    })

    it.each(sqlQueries)(
      '$name: returns data, of types that the panel can draw',
      async ({ sql: query, panel, format }) => {
        const { columns, rows } = await history().ask(query, choice)
        expect(rows.length).toBeGreaterThan(0)
        const types = columns.map(({ type }) => type)
        if (format === 'time_series') {
          expect(columns.map(({ name }) => name).slice(0, 2)).toEqual(['time', 'metric'])
          expect(types).toEqual(['time', 'text', 'number'])
          const times = rows.map(({ time: at }) => (at as Date).getTime())
          expect(times).toEqual([...times].sort((a, b) => a - b))
        } else if (panel.type === 'stat') {
          expect({ types, rows: rows.length }).toEqual({ types: ['number'], rows: 1 })
        } else if (panel.type === 'barchart') {
          expect(types).toEqual(['text', 'number'])
        } else {
          const { overrides } = panel.fieldConfig!
          expect(columns.map(({ name }) => name)).toEqual(overrides.map(({ matcher }) => matcher.options))
          const wanted = overrides.map(({ properties }) => {
            const unit = properties.find(({ id }) => id === 'unit')?.value
            return unit === undefined ? 'text' : unit === 'dateTimeAsIso' ? 'time' : 'number'
          })
          expect(types).toEqual(wanted)
        }
      },
    )

    it.each(sqlQueries)(
      '$name: of vendors that are not chosen it says nothing',
      async ({ sql: query, panel }) => {
        const { rows } = await history().ask(query, { ...choice, vendors: ['nobody'] })
        const numbers = rows.flatMap((one) => Object.values(one)).filter((value) => typeof value === 'number')
        if (panel.type === 'stat' || panel.type === 'barchart')
          expect(new Set([0, ...numbers])).toEqual(new Set([0]))
        else expect(rows).toEqual([])
      },
    )

    it('compares time that is not a valid month with as much time before it', async () => {
      const { rows } = await history().panel('Availability against the promise', {
        from: time('10-05T00:00:00'),
        to: time('10-06T00:00:00'),
        vendors: ['stripe'],
      })
      // Down from 21:50 to 22:30 of the day before.
      expect(rows[0]!['Available']).toBeCloseTo(1, 9)
      expect(rows[0]!['Before']).toBeCloseTo(1 - 2400 / 86_400, 9)
    })

    it('marks the incidents', async () => {
      const [incidents] = sqlDashboards[0]!.annotations.list
      const { columns, rows } = await history().ask(incidents!.target!.rawSql!, {
        ...choice,
        vendors: ['stripe'],
      })
      expect(columns).toEqual([
        { name: 'time', type: 'time' },
        { name: 'timeend', type: 'time' },
        { name: 'text', type: 'text' },
        { name: 'tags', type: 'text' },
      ])
      expect(rows).toHaveLength(5)
    })
  })
}
