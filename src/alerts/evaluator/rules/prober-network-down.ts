import type { FailureReason } from '../../../net/failure.ts'
import { commonest } from './annotations.ts'
import type { Rule } from './rule.ts'

/** What is known of the network of the prober when its alert is decided. */
export interface NetworkView {
  readonly location: string
  /** How many addresses the targets lead to, and how many of these cannot be reached. */
  readonly addresses: number
  readonly unreachable: number
  /** Whether these are too many, and alerts that would fire are held back for it. */
  readonly holds: boolean
  /** The targets that cannot be reached. */
  readonly targets: () => readonly { readonly name: string; readonly reason: FailureReason }[]
}

const maxNames = 10

/** Many targets cannot be reached at once: one alert in place of theirs. */
export const proberNetworkDown: Rule<NetworkView> = {
  id: 'ProberNetworkDown',
  alertname: 'ProberNetworkDown',
  severity: 'critical',
  keepFiringFor: 0,
  window: () => 0,
  dependent: false,
  heldBackBy: [],
  decide: ({ holds, unreachable }) => (holds ? unreachable : undefined),
  annotations({ location, addresses, targets }, value) {
    const all = targets()
    const counts = new Map<FailureReason, number>()
    for (const { reason } of all) counts.set(reason, (counts.get(reason) ?? 0) + 1)
    const names = all.map(({ name }) => name).sort()
    const some = names.slice(0, maxNames).join(', ')
    const more = names.length > maxNames ? ` and others, ${names.length} in all` : ''
    return {
      summary: `${value} of ${addresses} addresses cannot be reached from ${location} at the same time, expected at most half, mostly: ${commonest(counts) ?? ''}`,
      description: `Likely cause: the network, the DNS or the proxy of the prober. Its targets are not to blame, and their alerts are held back: ${some}${more}`,
      runbook_url: 'docs/alerts.md#probernetworkdown',
      dashboard_url: '/d/probity-self',
    }
  },
}
