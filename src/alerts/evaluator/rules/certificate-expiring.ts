import { targetAnnotations } from './annotations.ts'
import { absent, measured, type Condition, type LimitKey } from './condition.ts'
import { humanizeDuration } from './go-format.ts'
import type { AlertRule, TargetView } from './rule.ts'
import { twoSeverities } from './two-severities.ts'

/** The worst certificate seen in an hour: bridges failed handshakes, and holds for a half-renewed pool of servers. */
const window = 3600

/**
 * Seconds that are left of it; nothing where none was seen. A server may send more than clients use, such as an expired
 * cross-signature: so the verified chain counts, if there was one each time.
 */
function remaining({ samples, now }: TargetView): number | undefined {
  if (!samples.showCertificates) return undefined
  let sent = Infinity
  let verified = Infinity
  let unverified = 0
  samples.within(window, now, ({ certificateExpiry = Infinity, chainExpiry = Infinity }) => {
    sent = Math.min(sent, certificateExpiry)
    verified = Math.min(verified, chainExpiry)
    if (certificateExpiry < Infinity && chainExpiry === Infinity) unverified++
  })
  const worst = unverified === 0 ? verified : sent
  return worst < Infinity ? worst - now : undefined
}

/** The same, where it is less than expected. */
function tooLittle(view: TargetView): number | undefined {
  const left = remaining(view)
  return left !== undefined && left < view.target.expect.minCertificate ? left : undefined
}

/** Seconds: less is critical. */
const criticalBelow = 3 * 86_400

/** The first is that of the warning. */
function conditions(view: TargetView): Condition[] {
  const left = remaining(view)
  if (left === undefined) return [absent('no check within 1h saw a certificate')]
  const what = 'the certificate that ends first does so in {}'
  const { chainExpiry, certificateExpiry } = view.samples.newest ?? {}
  // A worse one that is not shown any more is forgotten within the hour.
  const isNewest = (chainExpiry ?? certificateExpiry) === left + view.now
  const below = (limit: number, key?: LimitKey): Condition => ({
    ...measured(what, left, 'seconds', 'less than', limit, key),
    ...(isNewest && { falls: true }),
  })
  return [below(view.target.expect.minCertificate, 'expect.certificate_days'), below(criticalBelow)]
}

/** A certificate of the target ends sooner than expected: a warning, and critical within 3 days. */
export const certificateExpiring: readonly AlertRule[] = twoSeverities({
  ...{ tooLittle, criticalBelow, conditions },
  alertname: 'CertificateExpiring',
  keepFiringFor: 300,
  window: () => window,
  dependent: false,
  annotations: ({ target }: TargetView, value: number) => {
    const ends = value < 0 ? 'has expired' : `expires in ${humanizeDuration(value)}`
    const limit = humanizeDuration(target.expect.minCertificate)
    return {
      summary: `${target.name} has a certificate that ${ends}, expected at least ${limit}`,
      description:
        'The earliest expiry in the verified chain, of the worst certificate seen in the last hour; in the chain that was sent, if one did not verify. The alert ends an hour after the last one is renewed.',
      ...targetAnnotations(target, 'CertificateExpiring'),
    }
  },
})
