import { targetAnnotations } from './annotations.ts'
import { humanizeDuration } from './go-format.ts'
import type { AlertRule, TargetView } from './rule.ts'

/** The worst certificate seen in an hour: bridges failed handshakes, and holds for a half-renewed pool of servers. */
const window = 3600

/** Seconds that are left of it, where that is less than expected. */
function remaining({ samples, now, target }: TargetView): number | undefined {
  let worst = Infinity
  samples.within(window, now, ({ certificateExpiry = Infinity }) => {
    worst = Math.min(worst, certificateExpiry)
  })
  return worst - now < target.expect.minCertificate && worst < Infinity ? worst - now : undefined
}

const common = {
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
        'The earliest expiry in the chain, of the worst certificate seen in the last hour. The alert ends an hour after the last one is renewed.',
      ...targetAnnotations(target, 'CertificateExpiring'),
    }
  },
} as const

const critical = 'CertificateExpiring critical'

/** A certificate of the target ends sooner than expected: a warning, and critical within 3 days. */
export const certificateExpiring: readonly AlertRule[] = [
  {
    ...common,
    id: 'CertificateExpiring warning',
    severity: 'warning',
    heldBackBy: [critical],
    decide: remaining,
  },
  {
    ...common,
    id: critical,
    severity: 'critical',
    heldBackBy: [],
    decide: (view) => {
      const left = remaining(view)
      return left !== undefined && left < 3 * 86_400 ? left : undefined
    },
  },
]
