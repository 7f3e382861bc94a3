import type { Alert } from '../alert.ts'
import { ActiveAlerts } from './active-alerts.ts'
import { probityCrashed } from './rules/probity-crashed.ts'
import type { ProcessState } from './state.ts'

export interface OwnProcessOptions {
  readonly location: string
  /** Whether the last run ended because of a bug. */
  readonly crashed: boolean
  /** What an earlier process left behind. */
  readonly state?: ProcessState | undefined
}

/** Reports for a while that the last run crashed. Times are unix seconds. */
export class OwnProcess {
  readonly #crashed: boolean
  readonly #alerts: ActiveAlerts
  #startedAt: number | undefined

  constructor({ location, crashed, state }: OwnProcessOptions) {
    this.#crashed = crashed
    this.#alerts = new ActiveAlerts({ location })
    if (state) this.#alerts.restore(state.alerts, [probityCrashed], 0, 0)
  }

  /** Decides the alert; the first time is the start. @returns What is to be sent. */
  evaluate(now: number): Alert[] {
    const view = { now, startedAt: (this.#startedAt ??= now), crashed: this.#crashed }
    return [
      ...this.#alerts.decide(probityCrashed, view, { now }, false),
      ...this.#alerts.send(probityCrashed, { now }),
    ]
  }

  firing(): Alert[] {
    return this.#alerts.firing()
  }

  /** The wall clock has jumped by so many seconds. */
  shift(seconds: number): void {
    if (this.#startedAt !== undefined) this.#startedAt += seconds
    this.#alerts.shift(seconds)
  }

  state(): ProcessState {
    return { alerts: this.#alerts.state() }
  }
}
