import type { Report, VendorReport } from '../../src/history/report/reported.ts'

const measured = {
  upSeconds: 2_600_000,
  downSeconds: 0,
  unobservedSeconds: 0,
  maintenanceSeconds: 0,
  downInMaintenanceSeconds: 0,
  availability: 1,
  checks: 44_640,
  failures: 0,
  p50: 0.1,
  p95: 0.2,
  p99: 0.4,
}

/** A vendor of which nothing is wrong; what matters to a test is overridden by it. */
export function aVendor(vendor: string, of: Partial<VendorReport> = {}): VendorReport {
  return {
    vendor,
    slaExcludesMaintenance: false,
    ...measured,
    previous: measured,
    endpoints: [{ target: `${vendor}-api`, location: 'here', ...measured }],
    sideBySide: [],
    incidents: [],
    silences: [],
    days: [],
    failuresByHour: [],
    failuresByReason: {},
    ...of,
  }
}

/** The report of a month. */
export function aReport(vendors: readonly VendorReport[]): Report {
  return {
    period: '2026-10',
    month: '2026-10',
    timeZone: 'UTC',
    from: new Date('2026-10-01T00:00:00Z'),
    to: new Date('2026-11-01T00:00:00Z'),
    previousPeriod: '2026-09',
    previousMonth: '2026-09',
    generatedAt: new Date('2026-11-01T06:00:00Z'),
    vendors,
  }
}
