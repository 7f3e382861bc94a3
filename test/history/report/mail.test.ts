import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { drawBars } from '../../../src/history/report/mail/bars.ts'
import { charts } from '../../../src/history/report/mail/charts.ts'
import { reportMail } from '../../../src/history/report/mail/mail.ts'
import type { DayReport } from '../../../src/history/report/daily.ts'
import { aReport, aVendor } from '../../support/report.ts'

const day = (number: number, of: Partial<DayReport> = {}): DayReport => ({
  day: `2026-10-${String(number).padStart(2, '0')}`,
  availability: 1,
  downSeconds: 0,
  checks: 1440,
  failures: 0,
  incidents: 0,
  p95: 0.2,
  ...of,
})

/** The bytes of the pixels of a picture. */
function pixelsOf(png: Buffer): {
  readonly width: number
  readonly height: number
  readonly at: (x: number, y: number) => number
} {
  expect(png.subarray(0, 8).toString('latin1')).toBe('\u0089PNG\r\n\u001a\n')
  const parts = new Map<string, Buffer>()
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at)
    parts.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length))
    at += length + 12
  }
  const width = parts.get('IHDR')!.readUInt32BE(0)
  const rows = inflateSync(parts.get('IDAT')!)
  return {
    width,
    height: parts.get('IHDR')!.readUInt32BE(4),
    at: (x, y) => rows[y * (width + 1) + 1 + x] ?? -1,
  }
}

describe('a picture of bars', () => {
  it('has each bar in its place, its height and its colour, on nothing', () => {
    const bars = Array.from({ length: 10 }, () => ({ height: 0, tone: 'plain' }) as const)
    const { width, height, at } = pixelsOf(
      drawBars([{ height: 1, tone: 'good' }, { height: 0.5, tone: 'bad' }, ...bars.slice(2)], 40),
    )
    expect([width, height]).toEqual([1200, 40])
    expect([at(5, 0), at(5, 39)]).toEqual([1, 1])
    expect([at(125, 0), at(125, 19), at(125, 20), at(125, 39)]).toEqual([0, 0, 3, 3])
    expect([at(119, 20), at(245, 39)]).toEqual([0, 0])
  })

  it('shows the smallest value that is not zero', () => {
    expect(pixelsOf(drawBars([{ height: 1e-6, tone: 'bad' }], 40)).at(5, 39)).toBe(3)
  })
})

describe('the charts of a vendor', () => {
  it('say in words what they show', () => {
    const days = [
      day(1),
      day(2, { availability: 0.9, downSeconds: 8640, incidents: 2, p95: 0.5 }),
      { day: '2026-10-03', downSeconds: 0, checks: 0, failures: 0, incidents: 0 },
    ]
    expect(charts({ days, sla: 0.99 }).map(({ heading, words, ends }) => [heading, words, ends])).toEqual([
      ['Availability per day', 'the worst day was 2026-10-02: 90.0000 %', ['2026-10-01', '2026-10-03']],
      ['Downtime per day', 'at most 2h 24m; incidents that began: 2', ['2026-10-01', '2026-10-03']],
      ['Latency per day (p95)', 'from 200 ms to 500 ms', ['2026-10-01', '2026-10-03']],
    ])
  })

  it('are left out where there is nothing to compare', () => {
    expect(charts({ days: [day(1)] })).toEqual([])
    expect(charts({ days: [day(1), day(2)] }).map(({ heading }) => heading)).toEqual([
      'Availability per day',
      'Latency per day (p95)',
    ])
  })
})

describe('a report as a mail', () => {
  const days = [day(1), day(2, { availability: 0.5, downSeconds: 43_200, incidents: 1 })]
  const report = aReport([
    aVendor('stripe', { sla: 0.999, overBudgetSeconds: 9, days }),
    aVendor('<b>twilio', { days }),
  ])
  const mail = reportMail(report)

  it('says in the subject what matters', () => {
    expect(mail.subject).toBe('2026-10: 2 vendors, 1 below its promise')
  })

  it('refers to each of its pictures, and to nothing elsewhere', () => {
    const cids = [...mail.html.matchAll(/src="cid:([^"]+)"/g)].map(([, cid]) => cid)
    expect(cids).toEqual(mail.pictures.map(({ cid }) => cid))
    expect(cids).toHaveLength(6)
    expect(mail.html).not.toMatch(/https?:|<style|<svg|<script|<b>/)
    expect(mail.html).toContain('<meta name="color-scheme" content="light dark">')
    expect(mail.html).toContain('&lt;b&gt;twilio')
  })

  it('has the text and the data too', () => {
    expect(mail.text).toContain('Vendors in 2026-10 (UTC)')
    expect(mail.report).toMatchObject({ period: '2026-10', vendors: [{ vendor: 'stripe' }, {}] })
  })
})
