import type { JudgedRun } from '../../lib/command-run/verdict.ts'
import { runSentence } from '../../lib/command-run/words.ts'
import type { Alert } from '../alert.ts'

/** What is said of a run. */
export type RepairRun = Parameters<typeof runSentence>[0] &
  Pick<JudgedRun, 'alertname' | 'repairs' | 'occasion'>

/** Runs that the end of an alert names: the newest. */
const mostNamed = 3

/**
 * Says at the end of an alert what was run to repair it, and whether the next checks passed: the annotation `repair`. It claims
 * no cause.
 *
 * @param runs Of its target, in any order.
 */
export function withRepairs(alert: Alert, runs: readonly RepairRun[]): Alert {
  const { status, labels, startsAt } = alert
  if (status !== 'resolved') return alert
  const own = runs
    .filter(
      ({ alertname, repairs, occasion, startedAt }) =>
        repairs &&
        occasion !== 'end' &&
        alertname === labels.alertname &&
        Date.parse(startedAt) >= startsAt.getTime(),
    )
    .sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt))
  if (own.length === 0) return alert
  const repair = own.slice(-mostNamed).map(runSentence).join('. ')
  return { ...alert, annotations: { ...alert.annotations, repair } }
}
