import { maintenanceEnd, type MaintenanceWindow } from '../../config/target/maintenance.ts'

/** Until when the maintenance of a target holds its alerts back. Times are unix seconds; a jump of the clock does not move windows. */
export class Maintained {
  #until: number

  constructor(until = -Infinity) {
    this.#until = until
  }

  get until(): number {
    return this.#until
  }

  /** Takes a check. @param windows Those of the target now: one that was taken out of the configuration ends with the next check. */
  observe(windows: readonly MaintenanceWindow[] | undefined, at: number): void {
    const end = maintenanceEnd(windows, at)
    if (end !== undefined) this.#until = end
    else if (this.#until > at) this.#until = -Infinity
  }

  state(): { readonly maintainedUntil?: number } {
    return this.#until > -Infinity ? { maintainedUntil: this.#until } : {}
  }
}
