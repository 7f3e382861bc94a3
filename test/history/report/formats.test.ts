import { describe, expect, it } from 'vitest'
import { writeReport, type ReportFormat } from '../../../src/history/report/formats.ts'
import type { Report, VendorReport } from '../../../src/history/report/reported.ts'
import { duration, percent } from '../../../src/history/report/units.ts'

const measured = {
  upSeconds: 2_662_800,
  downSeconds: 8700,
  unobservedSeconds: 10_500,
  maintenanceSeconds: 14_400,
  downInMaintenanceSeconds: 2400,
  availability: 2_662_800 / 2_671_500,
  checks: 8905,
  failures: 29,
  p50: 0.1,
  p95: 0.5,
  p99: 1.5,
}

const hostile = '=cmd|"<script>alert(1)</script>", \u001b[31mred\u001b[0m\n| next'

const vendor: VendorReport = {
  vendor: 'stripe',
  sla: 0.999,
  slaExcludesMaintenance: true,
  ...measured,
  budgetSeconds: 2671.5,
  overBudgetSeconds: 6028.5,
  mttrSeconds: 2100,
  previous: { ...measured, p95: 0.25 },
  endpoints: [{ target: 'pay', location: 'here', ...measured, overBudgetSeconds: 6028.5 }],
  sideBySide: [],
  silences: [
    {
      id: 's1',
      match: 'target="pay"',
      targets: ['pay'],
      startsAt: new Date('2026-10-04T22:00:00Z'),
      endsAt: new Date('2026-10-04T23:00:00Z'),
      createdBy: 'anna',
      comment: hostile,
    },
    {
      id: 's2',
      match: 'alertname="TargetDown"',
      alertname: 'TargetDown',
      targets: ['pay'],
      startsAt: new Date('2026-10-05T10:00:00Z'),
      endsAt: new Date('2026-10-05T10:20:00Z'),
      createdBy: 'the token ci',
      comment: '',
    },
  ],
  days: [],
  incidents: [
    {
      target: 'pay',
      location: 'here',
      startedAt: new Date('2026-10-04T21:50:00Z'),
      endedAt: new Date('2026-10-04T22:30:00Z'),
      downSeconds: 2400,
      reason: 'status',
      message: hostile,
      status: 503,
      lastFailureAt: new Date('2026-10-04T22:25:00Z'),
      lastReason: 'timeout',
      lastMessage: 'no answer',
      inMaintenance: true,
    },
  ],
  failuresByHour: Array.from({ length: 24 }, (_, hour) => ({ checks: 370, failures: hour === 2 ? 29 : 0 })),
  failuresByReason: { status: 20, timeout: 9 },
}

const report: Report = {
  period: '2026-10',
  month: '2026-10',
  timeZone: 'Europe/Berlin',
  from: new Date('2026-09-30T22:00:00Z'),
  to: new Date('2026-10-31T23:00:00Z'),
  previousPeriod: '2026-09',
  previousMonth: '2026-09',
  generatedAt: new Date('2026-11-15T00:00:00Z'),
  vendors: [vendor],
}

const written = (format: ReportFormat, of = report): string => writeReport[format](of)

describe('a report', () => {
  it.each(['text', 'md', 'html'] as const)('as %s says what was promised and what was measured', (format) => {
    const text = written(format)
    for (const words of [
      'stripe',
      '99.6743 %',
      '99.9000 %',
      '44.5 min',
      '100.5 min',
      '2h 25m',
      '2h 55m (0.4 %)',
      '500 ms (before: 250 ms, +100 %)',
      '1.50 s',
      'status 20, timeout 9',
      '02:00 29 (7.8 %)',
      '2026-10-04 21:50:00Z',
      'no answer',
      '99.9000 %, without maintenance',
      '4h, of which 40m down',
      '2026-10-04 21:50:00Z in maintenance',
    ])
      expect(text).toContain(words)
  })

  it.each(['text', 'md', 'html'] as const)('as %s has the calls next to the checks', (format) => {
    const calls = { calls: 2000, errors: 25, errorRatio: 0.0125, overLimit: 1, p95: 0.4 }
    const endpoint = { target: 'pay', location: 'there', ...calls, checks: measured }
    const quiet = { target: 'ship', location: 'there', calls: 3, errors: 0, overLimit: 0 }
    const text = written(format, {
      ...report,
      vendors: [
        {
          ...vendor,
          calls: {
            ...calls,
            previous: { calls: 10_000, errors: 1, errorRatio: 0.00001, overLimit: 0, p95: 1.25 },
            endpoints: [endpoint, quiet],
          },
        },
      ],
    }).replaceAll('&lt;', '<')
    for (const words of [
      '2000 (before: 10000)',
      '1.25 % (before: < 0.01 %; checks: 0.33 %)',
      '400 ms (before: 1.25 s; checks: 500 ms)',
      'Calls and checks',
      'there',
      '0.05 %',
    ])
      expect(text).toContain(words)
    expect(written(format)).not.toContain('Calls and checks')
  })

  it('as text shows nothing of a message that a terminal would obey', () => {
    expect(written('text')).toContain('status: =cmd|"<script>alert(1)</script>", red | next')
    expect(written('text')).not.toContain('\u001b')
  })

  it('as Markdown and HTML shows a message without its markup', () => {
    expect(written('md')).toContain('status: =cmd\\|"&lt;script>alert(1)&lt;/script>", red \\| next')
    expect(written('html')).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(written('html')).not.toContain('<script')
  })

  it('as CSV has an incident per row, and no formula', () => {
    expect(written('csv').split('\r\n')).toEqual([
      'vendor,target,location,started_at,ended_at,down_seconds_in_period,first_reason,first_status,first_message,last_failure_at,last_reason,last_message,began_in_maintenance,no_longer_watched,vendor_admitted_after_seconds,silenced_by',
      'stripe,pay,here,2026-10-04T21:50:00.000Z,2026-10-04T22:30:00.000Z,2400.000,status,503,"\'=cmd|""<script>alert(1)</script>"", red | next",2026-10-04T22:25:00.000Z,timeout,no answer,yes,no,,"anna: =cmd|""<script>alert(1)</script>"", red | next"',
      '',
    ])
  })

  it.each(['text', 'md', 'html', 'mail'] as const)('as %s says who silenced what, and why', (format) => {
    const mail = JSON.parse(format === 'mail' ? written('mail') : '{"html":""}') as { html: string }
    const text = (format === 'mail' ? mail.html : written(format))
      .replaceAll('&quot;', '"')
      .replaceAll('\\', '')
    for (const words of [
      'Silences and acknowledgements',
      'target="pay"',
      'anna',
      'TargetDown, acknowledged',
      'the token ci',
      '2026-10-04 22:00',
    ])
      expect(text).toContain(words)
    if (format !== 'text') expect(text).not.toContain('<script')
    const without = { ...report, vendors: [{ ...vendor, silences: [] }] }
    expect(written(format, without)).not.toContain('Silences')
  })

  it('as JSON is the report', () => {
    expect(JSON.parse(written('json'))).toEqual(JSON.parse(JSON.stringify(report)))
  })

  it.each(['text', 'md', 'html'] as const)('of nothing says so, as %s', (format) => {
    expect(written(format, { ...report, vendors: [] })).toContain('Nothing was observed.')
  })
})

describe('its words', () => {
  it('never round an outage away', () => {
    expect(percent(0.99999999)).toBe('99.9999 %')
    expect(percent(1)).toBe('100.0000 %')
    expect(percent(0.57)).toBe('57.0000 %')
    expect(percent(undefined)).toBe('-')
  })

  it('say a duration to the second', () => {
    expect([0, 59.6, 3600, 90_061].map(duration)).toEqual(['0s', '1m', '1h', '1d 1h 1m 1s'])
  })
})
