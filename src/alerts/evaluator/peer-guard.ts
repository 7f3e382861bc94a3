import type { Alert } from '../alert.ts'
import { ActiveAlerts } from './active-alerts.ts'
import { peerDown, type PeerStatus } from './rules/peer-down.ts'
import type { PeerState } from './state.ts'

export interface PeerGuardOptions {
  readonly location: string
  /** The host of the other solo. Default: there is none. */
  readonly peer?: string | undefined
  /** What an earlier process left behind. */
  readonly state?: PeerState | undefined
}

/** Decides whether the other solo of a pair is down. Times are unix seconds. */
export class PeerGuard {
  readonly #alerts: ActiveAlerts

  constructor({ location, peer, state }: PeerGuardOptions) {
    this.#alerts = new ActiveAlerts({ location, ...(peer !== undefined && { peer }) })
    if (state) this.#alerts.restore(state.alerts, [peerDown], 0, 0)
  }

  /** Decides the alert. @param peer Undefined where there is none: what fired ends. @returns What is to be sent. */
  evaluate(peer: PeerStatus | undefined, now: number): Alert[] {
    const view = peer ?? { name: '', unheardFor: 0, isHeard: true }
    return [...this.#alerts.decide(peerDown, view, { now }, false), ...this.#alerts.send(peerDown, { now })]
  }

  firing(): Alert[] {
    return this.#alerts.firing()
  }

  /** The wall clock has jumped by so many seconds. */
  shift(seconds: number): void {
    this.#alerts.shift(seconds)
  }

  state(): PeerState {
    return { alerts: this.#alerts.state() }
  }
}
