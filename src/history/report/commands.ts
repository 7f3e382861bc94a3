import type { JudgedRun } from '../../lib/command-run/verdict.ts'
import { readCommandRuns } from '../reads/command-runs.ts'
import type { Statements } from '../sql.ts'
import type { Span } from './timeline.ts'

/** What one command that repairs did for the targets of a vendor. */
export interface CommandReport {
  /** The channel, as notify.yml names it. */
  readonly command: string
  readonly runs: number
  /** Runs that ended with exit code 0. */
  readonly succeeded: number
  readonly helped: number
  readonly notHelped: number
  /** Runs that came when the target had recovered already. */
  readonly alreadyFine: number
  /** 0 to 1: of the runs that helped or did not, those that did. Absent where there is none. */
  readonly helpedRatio?: number
}

/** Runs that are counted at most, the newest. */
const mostRuns = 10_000

/** The runs of commands that repair, in a span. */
export function readRepairs(sql: Statements, { from, to }: Span): Promise<JudgedRun[]> {
  return readCommandRuns(sql, { from: new Date(from), to: new Date(to), limit: mostRuns, repairing: true })
}

/** By command, those that ran most often first. */
export function commandReports(runs: readonly JudgedRun[]): CommandReport[] {
  const names = [...new Set(runs.map(({ channel }) => channel))].sort()
  return names
    .map((command): CommandReport => {
      const own = runs.filter(({ channel }) => channel === command)
      const count = (verdict: JudgedRun['verdict']): number =>
        own.filter((run) => run.verdict === verdict).length
      const [helped, notHelped] = [count('helped'), count('not_helped')]
      return {
        command,
        runs: own.length,
        succeeded: own.filter(({ outcome }) => outcome === 'succeeded').length,
        helped,
        notHelped,
        alreadyFine: count('already_fine'),
        ...(helped + notHelped > 0 && { helpedRatio: helped / (helped + notHelped) }),
      }
    })
    .sort((a, b) => b.runs - a.runs)
}
