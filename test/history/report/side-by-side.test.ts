import { describe, expect, it } from 'vitest'
import { sections } from '../../../src/history/report/as-text.ts'
import type { EndpointReport, VendorReport } from '../../../src/history/report/reported.ts'
import { sideBySide } from '../../../src/history/report/side-by-side.ts'

function endpoint(target: string, location: string, p50?: number, availability = 1): EndpointReport {
  return {
    target,
    location,
    availability,
    ...(p50 !== undefined && { p50 }),
    upSeconds: 1,
    downSeconds: 0,
    unobservedSeconds: 0,
    maintenanceSeconds: 0,
    downInMaintenanceSeconds: 0,
    checks: 1,
    failures: 0,
  }
}

describe('the locations of a target side by side', () => {
  it('are those of targets with several, with the fastest and the slowest', () => {
    const endpoints = [
      endpoint('shop', 'nyc', 0.3),
      endpoint('shop', 'ams', 0.1),
      endpoint('shop', 'fra', 0.2),
      endpoint('one', 'ams', 0.1),
      endpoint('down', 'fra'),
      endpoint('down', 'ams', 0.5),
      endpoint('api', 'fra', 0.1),
      endpoint('api', 'ams', 0.1),
    ]
    expect(sideBySide(endpoints)).toEqual([
      { target: 'api', locations: ['ams', 'fra'] },
      { target: 'down', locations: ['ams', 'fra'] },
      { target: 'shop', locations: ['ams', 'fra', 'nyc'], fastest: 'ams', slowest: 'nyc' },
    ])
  })

  it('are a table with a column for each, but for those beyond the eighth', () => {
    const endpoints = [
      ...Array.from({ length: 10 }, (_, n) => endpoint('shop', `l${n}`, 0.1 + n / 100, 0.995)),
      endpoint('api', 'l0', 2),
      endpoint('api', 'l9', 1),
    ]
    const report = {
      endpoints,
      sideBySide: sideBySide(endpoints),
      incidents: [],
      silences: [],
    } as Partial<VendorReport>
    const [, table] = sections(report as VendorReport)
    expect(table).toMatchObject({
      heading: 'Locations side by side: availability, median',
      columns: ['target', 'l0', 'l1', 'l2', 'l3', 'l4', 'l5', 'l6', 'l7', 'fastest', 'slowest'],
    })
    expect(table?.rows).toEqual([
      ['api', '100.0000 %, 2.00 s', ...Array<string>(7).fill('-'), 'l9', 'l0'],
      ['shop', ...Array.from({ length: 8 }, (_, n) => `99.5000 %, ${100 + 10 * n} ms`), 'l0', 'l9'],
    ])
  })

  it('are no table where every target has one', () => {
    const endpoints = [endpoint('shop', 'ams', 0.1)]
    const report = {
      endpoints,
      sideBySide: sideBySide(endpoints),
      incidents: [],
      silences: [],
    } as Partial<VendorReport>
    expect(sections(report as VendorReport).map(({ heading }) => heading)).toEqual([
      'Endpoints, the worst first',
      'Incidents',
    ])
  })
})
