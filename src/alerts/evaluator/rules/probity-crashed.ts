import type { Rule } from './rule.ts'

/** What is known of the process when its alert is decided. Times are unix seconds. */
export interface ProcessView {
  readonly now: number
  readonly startedAt: number
  /** Whether the last run ended because of a bug. */
  readonly crashed: boolean
}

/** Seconds for which it is reported. */
const reportedFor = 3600

/** The last run ended because of a bug. prometheus/rules/self.yml says the same in PromQL. */
export const probityCrashed: Rule<ProcessView> = {
  id: 'ProbityCrashed',
  alertname: 'ProbityCrashed',
  severity: 'warning',
  keepFiringFor: 0,
  window: () => 0,
  dependent: false,
  heldBackBy: [],
  decide: ({ now, startedAt, crashed }) => (crashed && now - startedAt < reportedFor ? 1 : undefined),
  annotations: () => ({
    summary: 'Probity ended because of a bug, and was started again',
    description: 'It did not work in between. Its log has the bug: please report it.',
    runbook_url: 'docs/alerts.md#probitycrashed',
    dashboard_url: '/d/probity-self',
  }),
}
