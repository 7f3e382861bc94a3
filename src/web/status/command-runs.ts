import type { JudgedRun } from '../../lib/command-run/verdict.ts'
import { shownRun, type WithCommands } from './shown-run.ts'
import type { Incident } from './status.ts'

/** Which runs are asked for. */
export interface RunsAsked {
  /** With the names that they had before. */
  readonly targets: readonly string[]
  readonly from: Date
  /** Not included. */
  readonly to: Date
}

/** What is known of runs, the newest first. Never throws; takes no longer than a page may wait. */
export type RunsOf = (asked: RunsAsked) => Promise<readonly JudgedRun[]>

/** A target for which commands run. */
interface Repaired {
  readonly name: string
  readonly was?: readonly string[]
  readonly secrets?: readonly string[]
}

const dayMs = 86_400_000
const latestDays = 90
const latestRuns = 20

/** Milliseconds that a run may begin after the end of the incident that it was meant for. */
const lateMs = 3_600_000

/** Milliseconds by which the beginning of an alert may differ from the checks that it is about. */
const toleranceMs = 60_000

/** The newest runs for a target, of the last 90 days, at most 20. */
export async function latestCommands(
  target: Repaired,
  runsOf: RunsOf | undefined,
  now: number,
): Promise<WithCommands> {
  const range = { from: new Date(now - latestDays * dayMs), to: new Date(now + toleranceMs) }
  const runs = (await runsOf?.({ targets: namesOf(target), ...range })) ?? []
  if (runs.length === 0) return {}
  return { commands: runs.slice(0, latestRuns).map((run) => shownRun(run, target.secrets ?? [])) }
}

/** Says of incidents what was run for their alerts. */
export async function withCommands(
  all: readonly Incident[],
  targetOf: (name: string) => Repaired | undefined,
  runsOf: RunsOf | undefined,
  now: number,
): Promise<Incident[]> {
  if (!runsOf || all.length === 0) return [...all]
  const known = (name: string): Repaired => targetOf(name) ?? { name }
  const begins = all.map(({ startedAt }) => startedAt.getTime())
  const ends = all.map(({ endedAt }) => endedAt?.getTime() ?? now)
  const runs = await runsOf({
    targets: [...new Set(all.flatMap(({ target }) => namesOf(known(target))))],
    from: new Date(Math.min(...begins)),
    to: new Date(Math.max(...ends) + lateMs),
  })
  const byBeginning = all.toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
  const incidentOf = (run: JudgedRun): Incident | undefined =>
    byBeginning.find(
      (incident) => namesOf(known(incident.target)).includes(run.target) && isDuring(run, incident),
    )
  const owners = new Map(runs.map((run) => [run, incidentOf(run)]))
  return all.map((incident) => {
    const target = known(incident.target)
    const own = runs.filter((run) => owners.get(run) === incident)
    return own.length === 0
      ? incident
      : { ...incident, commands: own.map((run) => shownRun(run, target.secrets ?? [])) }
  })
}

function namesOf({ name, was = [] }: Repaired): string[] {
  return [name, ...was]
}

/**
 * Whether the alert of a run may be about an incident: it began while the incident lasted, or soon after. Of several, it is about
 * the one that began last.
 */
function isDuring({ alertStartedAt }: JudgedRun, { startedAt, endedAt }: Incident): boolean {
  const at = Date.parse(alertStartedAt)
  return at >= startedAt.getTime() - 1000 && at <= (endedAt?.getTime() ?? Infinity) + toleranceMs
}
