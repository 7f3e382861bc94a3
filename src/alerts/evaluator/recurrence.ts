import { evaluationSeconds } from './due-rules.ts'

/** An alert that begins so many seconds after its last end has begun again. */
const soon = 4 * evaluationSeconds

/** Knows whether an alert has begun again soon after it ended. A restart forgets it: the next end is then told at once. */
export class Recurrence {
  #active = false
  #endedAt = -Infinity
  #again = false

  /** Whether the alert fires, and did so shortly before. */
  get again(): boolean {
    return this.#active && this.#again
  }

  /** @param active Whether the alert fires now. */
  see(active: boolean, now: number): void {
    if (active && !this.#active) this.#again = now - this.#endedAt <= soon
    if (!active && this.#active) this.#endedAt = now
    this.#active = active
  }
}
