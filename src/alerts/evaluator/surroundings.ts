import type { TargetView } from './rules/rule.ts'

/** What the alerts of a target are decided on that is not its own. */
export interface Surroundings {
  /** Until when what it depends on holds them back; unix seconds. */
  readonly heldUntil: number
  /** Whether the network of the prober is down. */
  readonly networkDown: boolean
  /** What is seen of the calls to it; undefined where none are judged. */
  readonly calls: TargetView['calls'] | undefined
}
