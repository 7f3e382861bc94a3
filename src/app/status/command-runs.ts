import { isAwaited } from '../../checks/heartbeat/result.ts'
import type { ProbeResult } from '../../checks/result.ts'
import type { Target } from '../../config/target/target.ts'
import { readCommandRuns } from '../../history/reads/command-runs.ts'
import type { Sql } from '../../history/sql.ts'
import { endOf, type CommandRun } from '../../lib/command-run/run.ts'
import {
  checksAfter,
  isBefore,
  judged,
  mostChecks,
  type CheckThen,
  type JudgedRun,
} from '../../lib/command-run/verdict.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import { redact } from '../../lib/text/redact.ts'
import { within } from '../../lib/time/within.ts'
import type { RunsOf } from '../../web/status/command-runs.ts'

/** What commands did: what this process has heard of, and what is stored. */
export interface CommandRuns {
  /** Takes a run. Never waits, never throws. */
  readonly ran: (run: CommandRun) => void
  /** Takes a check, which may say whether a run helped. */
  readonly observe: (target: Pick<Target, 'name' | 'interval'>, result: ProbeResult) => void
  readonly of: RunsOf
  /** The runs for a target that this process has heard of, the oldest first. */
  readonly heard: (target: string) => readonly JudgedRun[]
}

export interface CommandRunsOptions {
  /** Where checks are made; a run for an alert of another place is judged by what is stored alone. */
  readonly location: string
  /** The newest checks of a target that this process made, the oldest of them first. */
  readonly checks: (target: string) => readonly CheckThen[]
  /** A target, by its name or by one that it had before. */
  readonly targetOf: (name: string) => Pick<Target, 'name' | 'secrets'> | undefined
  /** Where runs are stored. Absent: they are not. */
  readonly stored?: StoredRuns | undefined
  readonly log: Pick<Logger, 'debug'>
}

/** The part of the history that has runs. */
export interface StoredRuns {
  readonly sql: Sql
  readonly isOpen: () => boolean
  readonly add: (run: CommandRun) => void
}

interface Heard {
  readonly run: CommandRun
  /** The last check before it; absent where this process made none. */
  readonly before?: CheckThen
  /** The first checks begun after it, two at most. */
  readonly after: CheckThen[]
}

/** Runs that are remembered; of more, the oldest are forgotten. */
const mostRuns = 1000

/** Milliseconds that the database may take: a page must not wait for one that is away. */
const patienceMs = 2000

/** Joins the runs that this process has heard of with those that are stored: its own checks are not stored at once. */
export function createCommandRuns({
  location,
  checks,
  targetOf,
  stored,
  log,
}: CommandRunsOptions): CommandRuns {
  let all: readonly Heard[] = []

  /** Whether a run is for a target, also under a name that it had before. */
  const isFor = (run: CommandRun, name: string): boolean =>
    run.target === name || targetOf(run.target)?.name === name

  const isHere = (run: CommandRun): boolean => run.location === '' || run.location === location

  function judge({ run, before, after }: Heard): JudgedRun {
    return judged(run, { ...(before && { before: before.success }), after: checksAfter(run, after) })
  }

  function takeCheck({ run, after }: Heard, check: CheckThen): void {
    if (after.length < mostChecks && check.at >= endOf(run)) after.push(check)
  }

  async function read(asked: Parameters<RunsOf>[0]): Promise<readonly JudgedRun[]> {
    if (!stored?.isOpen()) return []
    try {
      return await within(readCommandRuns(stored.sql, asked), patienceMs, () => [])
    } catch (error) {
      log.debug({ error: messageOf(error) }, 'what commands did cannot be read now')
      return []
    }
  }

  return {
    ran(given) {
      const { name = given.target, secrets = [] } = targetOf(given.target) ?? {}
      // It may have been renamed while the command ran.
      const run = { ...withoutSecrets(given, secrets), target: name }
      stored?.add(run)
      if (all.some((known) => known.run.id === run.id)) return
      const seen = isHere(run) ? checks(run.target) : []
      const before = seen.findLast((check) => isBefore(run, check))
      const heard: Heard = { run, ...(before && { before }), after: [] }
      // It may be reported a while after it ended.
      for (const check of seen) takeCheck(heard, check)
      all = [...all, heard].slice(-mostRuns)
    },
    observe({ name, interval: intervalSeconds }, result) {
      if (isAwaited(result)) return
      const { success, durationSeconds, startedAt } = result
      const check = { at: startedAt.getTime(), success, durationSeconds, intervalSeconds }
      for (const heard of all) if (isHere(heard.run) && isFor(heard.run, name)) takeCheck(heard, check)
    },
    heard: (target) => all.filter(({ run }) => isFor(run, target)).map(judge),
    async of(asked) {
      const byId = new Map((await read(asked)).map((run) => [run.id, run]))
      for (const heard of all) {
        const at = new Date(heard.run.startedAt)
        if (!asked.targets.includes(heard.run.target) || at < asked.from || at >= asked.to) continue
        const [run, known] = [judge(heard), byId.get(heard.run.id)]
        if (!known || known.checksAfter.length < run.checksAfter.length) byId.set(run.id, run)
      }
      return [...byId.values()].sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt))
    },
  }
}

/** The channel has taken out its own; a command may also print what a target answered. */
function withoutSecrets(run: CommandRun, secrets: readonly string[]): CommandRun {
  const { output, failure } = run
  return {
    ...run,
    output: redact(output, secrets),
    ...(failure !== undefined && { failure: redact(failure, secrets) }),
  }
}
