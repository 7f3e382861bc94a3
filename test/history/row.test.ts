import { describe, expect, it } from 'vitest'
import { maintenanceOfTarget, toWindow } from '../../src/config/document/maintenance.ts'
import { toRow } from '../../src/history/row.ts'
import { aResult, aTarget } from '../support/target.ts'

const windows = maintenanceOfTarget
  .parse([{ from: '2026-12-01T22:00', to: '2026-12-02T02:00', timezone: 'Europe/Berlin' }])
  .map(toWindow)

describe('a row of a check', () => {
  it.each([
    ['2026-12-01T20:59:59.999Z', undefined],
    ['2026-12-01T21:00:00.000Z', true],
    ['2026-12-02T00:59:59.999Z', true],
    ['2026-12-02T01:00:00.000Z', undefined],
  ])('that was made at %s says whether that was in maintenance: %s', (at, expected) => {
    const target = aTarget({ maintenance: windows })
    expect(toRow(target, 'here', aResult({ startedAt: new Date(at) })).maintenance).toBe(expected)
  })
})
