import type { Target } from '../../../config/target/target.ts'
import type { FailureReason } from '../../../net/failure.ts'
import type { Alert } from '../../alert.ts'
import { ActiveAlerts } from '../active-alerts.ts'
import { proberNetworkDown } from '../rules/prober-network-down.ts'
import type { NetworkState } from '../state.ts'
import { Addresses, type Sighting } from './addresses.ts'

/** What the guard looks at of a target. */
export interface Guarded {
  readonly target: Pick<Target, 'name'>
  readonly sighting: Sighting
  readonly unreachableBy: FailureReason | undefined
  /** Whether an alert would fire now, were it not for the network. */
  readonly heldBackByNetwork: boolean
}

export interface NetworkGuardOptions {
  /** Where the targets are probed from. */
  readonly location: string
  /** What an earlier process left behind. */
  readonly state?: NetworkState | undefined
}

/**
 * Tells the network of the prober from its targets: where more than half of the addresses, and three at least, cannot be reached, it
 * is not they. Times are unix seconds.
 */
export class NetworkGuard {
  readonly #location: string
  readonly #addresses = new Addresses()
  readonly #alerts: ActiveAlerts
  #names: ReadonlySet<string> = new Set()

  constructor({ location, state }: NetworkGuardOptions) {
    this.#location = location
    this.#alerts = new ActiveAlerts({ location })
    if (state) this.#alerts.restore(state.alerts, [proberNetworkDown], 0, 0)
  }

  get down(): boolean {
    const { count, unreachable } = this.#addresses
    return count >= 3 && unreachable > 0.5 * count
  }

  /** Takes what a target says now. */
  note({ target, sighting }: Guarded): void {
    this.#addresses.note(target.name, sighting)
  }

  /** Looks at these targets and at no others. */
  watch(all: readonly Guarded[]): void {
    const names = new Set(all.map(({ target }) => target.name))
    for (const name of this.#names) if (!names.has(name)) this.#addresses.note(name, undefined)
    this.#names = names
    for (const one of all) this.note(one)
  }

  /**
   * Decides the alert.
   *
   * @param decided The targets whose alerts have just been decided.
   * @returns What is to be sent.
   */
  evaluate(decided: readonly Guarded[], all: () => readonly Guarded[], now: number): Alert[] {
    const firing = this.#alerts.isActive(proberNetworkDown.id)
    const view = {
      location: this.#location,
      addresses: this.#addresses.count,
      unreachable: this.#addresses.unreachable,
      holds: this.down && (firing || decided.some((one) => one.heldBackByNetwork)),
      targets: () =>
        all().flatMap(({ target: { name }, unreachableBy }) =>
          unreachableBy === undefined ? [] : [{ name, reason: unreachableBy }],
        ),
    }
    return [
      ...this.#alerts.decide(proberNetworkDown, view, { now }, false),
      ...this.#alerts.send(proberNetworkDown, { now }),
    ]
  }

  firing(): Alert[] {
    return this.#alerts.firing()
  }

  /** The wall clock has jumped by so many seconds. */
  shift(seconds: number): void {
    this.#alerts.shift(seconds)
  }

  state(): NetworkState {
    return { alerts: this.#alerts.state() }
  }
}
