import { formatDuration } from '../../../settings/values/duration.ts'
import type { Rule } from './rule.ts'

/** What is known of the other solo of a pair when its alert is decided. */
export interface PeerStatus {
  /** Its host. */
  readonly name: string
  /** Seconds for which it has not been heard of. */
  readonly unheardFor: number
  /** Whether it has been heard of lately. */
  readonly isHeard: boolean
}

/** Seconds without a word: a restart takes less. */
const downAfter = 60

/** The other solo is gone, or cannot be reached. prometheus/rules/self.yml says the same in PromQL. */
export const peerDown: Rule<PeerStatus> = {
  id: 'PeerDown',
  alertname: 'PeerDown',
  severity: 'warning',
  keepFiringFor: 0,
  window: () => 0,
  dependent: false,
  heldBackBy: [],
  // After a restart, only a word of the peer ends it.
  decide: ({ unheardFor, isHeard }, firing) =>
    unheardFor >= downAfter || (firing && !isHeard) ? unheardFor : undefined,
  annotations: ({ name }, value) => ({
    summary: `The peer ${name} has not been heard of for ${formatDuration(Math.floor(value))}, expected a word every 5s`,
    description:
      'It is down, or the network between the two is cut. This solo notifies alone: nobody takes over if it dies too.',
    runbook_url: 'docs/alerts.md#peerdown',
    dashboard_url: '/d/probity-self',
  }),
}
