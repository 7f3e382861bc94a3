import type { CallRow, CheckRow } from '../../src/history/row.ts'
import { time } from '../history/support/month.ts'
import { failed, row } from '../history/support/rows.ts'

export const timeZone = 'Europe/Berlin'
export const promised = [
  { name: 'stripe', sla: 0.999, url: 'https://status.example' },
  { name: "o'neill", sla: 0.99, slaExcludesMaintenance: true },
  { name: 'free' },
]
export const vendors = new Map(promised.map((one) => [one.name, one]))

/**
 * Another vendor, whose promise is without maintenance, with three endpoints: one fails each day, one is fine but was not always
 * watched, one came later. One vendor that promises nothing, and a target without a vendor.
 */
export function otherRows(): CheckRow[] {
  const rows: CheckRow[] = []
  const labels = { vendor: "o'neill" }
  for (let at = time('09-10T00:00:00'), n = 0; at < time('11-02T00:00:00'); at += 600_000, n++) {
    const bad = n % 144 >= 50 && n % 144 < 50 + (n % 7)
    const maintenance = n % 700 >= 480 && n % 700 < 530
    const fields = { maintenance, interval_seconds: 600, labels, duration_seconds: 0.05 + (n % 100) / 400 }
    rows.push(
      (bad ? failed : row)(at, { ...fields, target: 'search', ...(bad && n % 2 && { reason: 'timeout' }) }),
    )
    if (n % 1000 > 40) rows.push(row(at, { ...fields, target: 'suggest' }))
    if (at > time('10-20T10:00:00'))
      rows.push((n % 400 === 0 ? failed : row)(at, { ...fields, target: 'new' }))
    if (n % 6 === 0) rows.push(row(at, { ...fields, interval_seconds: 3600, labels: {}, target: 'own' }))
    if (n % 6 === 0)
      rows.push(
        (n % 600 === 0 ? failed : row)(at, {
          ...fields,
          interval_seconds: 3600,
          labels: { vendor: 'free' },
          target: 'gift',
        }),
      )
  }
  return rows
}

export function callRows(): CallRow[] {
  const rows: CallRow[] = []
  for (let at = time('10-02T00:00:00'); at < time('10-31T23:30:00'); at += 1_800_000) {
    const counts = {
      ok: 90,
      error: 6,
      unknown: 4,
      over_limit: 3,
      duration_sum: 12,
      latency: { '-90': 80, '-40': 10 },
    }
    const calls = { caller: 'web', version: '1', writer: 'w', ...counts }
    const shared = { location: 'here', checked_at: new Date(at).toISOString() }
    rows.push(
      { ...shared, target: 'pay', labels: { vendor: 'stripe' }, calls },
      { ...shared, target: 'search', labels: { vendor: "o'neill" }, calls: { ...calls, error: 0 } },
    )
  }
  return rows
}
