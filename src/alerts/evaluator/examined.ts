import type { AlertRule, TargetView } from './rules/rule.ts'
import type { ActiveAlert } from './state.ts'

/** What the rules look at of one target, and what they have come to. Times are unix seconds. */
export interface Examined {
  readonly view: TargetView
  readonly lastCheckAt: number
  /** The targets that it depends on and that hold its alerts back, each with until when. */
  readonly parents: readonly { readonly name: string; readonly until: number }[]
  /** Until when its maintenance holds them back, and the network of the prober; -Infinity: they do not. */
  readonly maintainedUntil: number
  readonly networkUntil: number
  readonly rules: readonly ExaminedRule[]
}

/** One rule of a target. */
export interface ExaminedRule {
  readonly rule: AlertRule
  /** The alert, where it fires. */
  readonly firing?: Readonly<Pick<ActiveAlert, 'labels' | 'annotations' | 'begunAt'>>
  /** Since when its conditions hold, where they have to hold for a while. */
  readonly pendingSince?: number
}
