import { describe, expect, it } from 'vitest'
import { startAlertmanager } from '../../support/programs/alertmanager.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { waitFor } from '../../support/time/wait-for.ts'
import { fingerprintOf } from '../../../src/alerts/evaluator/fingerprint.ts'

describe('fingerprintOf', () => {
  it('does not depend on the order of the labels, and does on each name and value', () => {
    const one = fingerprintOf({ a: '1', b: '2' })
    expect(fingerprintOf({ b: '2', a: '1' })).toBe(one)
    expect(fingerprintOf({ a: '1', b: '3' })).not.toBe(one)
    expect(fingerprintOf({ a: '1b', '': '2' })).not.toBe(one)
    expect(one).toMatch(/^[0-9a-f]{16}$/)
  })
})

describeWithTool(['prometheus-alertmanager'], 'the fingerprint of an alert', () => {
  it('is that of a real Alertmanager', async () => {
    const alertmanager = await startAlertmanager('prometheus-alertmanager', { folder: await tempFolder() })
    try {
      const labels = [
        { alertname: 'TargetDown', target: 'shop', severity: 'critical', location: 'default' },
        { alertname: 'TargetSlow', target: 'Größe "x" ☃', severity: 'warning', team: 'a', A: 'b' },
      ]
      await alertmanager.post(labels.map((one) => ({ labels: one })))
      const shown = await waitFor('both alerts', async () => {
        const alerts = await alertmanager.alerts()
        return alerts.length === 2 && alerts
      })
      for (const { labels: own, fingerprint } of shown) expect(fingerprintOf(own)).toBe(fingerprint)
    } finally {
      await alertmanager.stop()
    }
  })
})
