import type { CallTarget } from '../../../../config/target/calls.ts'
import { formerNames } from '../annotations.ts'
import { urlQuery } from '../go-format.ts'

/** What the alerts about calls have in common: they look at the last five minutes, and last for as long. */
export const lifecycle = {
  severity: 'warning',
  keepFiringFor: 300,
  window: () => 300,
  dependent: false,
  heldBackBy: [],
} as const

/** Calls that are evidence. Estimates are seldom whole numbers, so the limit lies between two. */
export const enoughCalls = 19.5

/** Seconds: a probe that is made less often says nothing about now. */
export const longestProbeInterval = 300

/** Where an alert about calls leads. */
export function callsLinks(
  target: Pick<CallTarget, 'name' | 'runbook' | 'was'>,
  alertname: string,
): Record<string, string> {
  return {
    runbook_url: target.runbook ?? `docs/alerts.md#${alertname.toLowerCase()}`,
    dashboard_url: `/d/probity-calls?var-target=${urlQuery(target.name)}`,
    ...(target.was && { was: formerNames(target) }),
  }
}
