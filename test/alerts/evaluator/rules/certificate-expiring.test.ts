import { describe, expect, it } from 'vitest'
import { Evaluator } from '../../../../src/alerts/evaluator/evaluator.ts'
import type { TlsResult } from '../../../../src/net/tls/result.ts'
import { certificate } from '../../../support/example.ts'
import { aResult, aTarget } from '../../../support/target.ts'

const day = 86_400
const target = aTarget({ expect: { ...aTarget().expect, minCertificate: 14 * day } })

/** Seconds until the certificates expire that were sent, and those of the verified chain. */
type Seen = readonly [sent: number, verified?: number]

/** The severities of CertificateExpiring after checks every 30s that have seen these. */
function firing(...checks: readonly Seen[]): (string | undefined)[] {
  const evaluator = new Evaluator({ location: 'here' })
  evaluator.setTargets({ targets: [target] }, 0)
  for (const [index, [sent, verified]] of checks.entries()) {
    const at = index * 30
    const tls: TlsResult = {
      chain: [certificate],
      verified: verified !== undefined,
      earliestExpiry: at + sent,
      ...(verified !== undefined && { lastChainExpiry: at + verified }),
    }
    evaluator.observe(target, aResult({ tls }), at, at)
  }
  evaluator.tick(checks.length * 30)
  const alerts = evaluator.firing().filter(({ labels }) => labels.alertname === 'CertificateExpiring')
  return alerts.map(({ labels }) => labels.severity)
}

// The same stories are in prometheus/tests/targets.test.yml.
describe('CertificateExpiring, in solo', () => {
  it('does not fire for an expired certificate that is not part of the verified chain', () => {
    expect(firing([-day, 400 * day], [-day, 400 * day])).toEqual([])
  })

  it('fires for an authority of the verified chain that was not sent', () => {
    expect(firing([400 * day, 7 * day])).toEqual(['warning'])
  })

  it.each<{ checks: Seen[] }>([
    { checks: [[-60]] },
    { checks: [[-60], [400 * day, 400 * day]] },
    { checks: [[400 * day, 400 * day], [-60]] },
  ])('judges everything that was sent if one did not verify: $checks', ({ checks }) => {
    expect(firing(...checks)).toContain('critical')
  })
})
