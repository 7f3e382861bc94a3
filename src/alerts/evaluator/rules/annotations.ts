import type { FailureReason } from '../../../net/failure.ts'
import type { Target } from '../../../config/target/target.ts'
import { urlQuery } from './go-format.ts'
import type { TargetView } from './rule.ts'

/** What every alert about a target says in addition to its summary. */
export function targetAnnotations(target: Target, alertname: string): Record<string, string> {
  return {
    runbook_url: target.runbook ?? `docs/alerts.md#${alertname.toLowerCase()}`,
    dashboard_url: `/d/probity-target?var-target=${urlQuery(target.name)}`,
    interval: String(target.interval),
    was: formerNames(target),
  }
}

/** The names that the target had before, each on its line, as Prometheus has them. */
export function formerNames({ was = [] }: { readonly was?: readonly string[] }): string {
  return was
    .toSorted()
    .map((name) => `${name}\n`)
    .join('')
}

/** The reason that most scrapes within the window have seen. */
export function commonestReason({ samples, now }: TargetView, seconds: number): FailureReason | undefined {
  const counts = new Map<FailureReason, number>()
  samples.within(seconds, now, ({ reason }, scrapes) => {
    if (reason !== undefined) counts.set(reason, (counts.get(reason) ?? 0) + scrapes)
  })
  return commonest(counts)
}

/** What was counted most often. */
export function commonest<T>(counts: ReadonlyMap<T, number>): T | undefined {
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0]
}
