import type { Target } from '../../config/target/target.ts'
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

/** Whether its alerts do not begin: after what held them back it has `alert_after` to recover in its turn. */
export function isHeld(
  until: number,
  lastCheckAt: number,
  { alertAfter }: Pick<Target, 'alertAfter'>,
): boolean {
  return lastCheckAt - until < alertAfter
}
