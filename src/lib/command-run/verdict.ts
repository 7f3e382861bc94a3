import { endOf, isJudged, type CommandRun } from './run.ts'

/**
 * Whether a run helped. `helped`: the target failed before it, the run succeeded, and the next two checks did. `not_helped`: one
 * of these two failed, or the run did. `already_fine`: the last check before the run had succeeded. `unknown`: there are
 * no two checks yet. `unjudged`: checks cannot say it.
 */
export const verdicts = ['helped', 'not_helped', 'already_fine', 'unknown', 'unjudged'] as const
export type Verdict = (typeof verdicts)[number]

/** A check next to a run. */
export interface CheckThen {
  /** When it began, in unix milliseconds. */
  readonly at: number
  readonly success: boolean
  /** How long it took; where it failed, it does not matter. */
  readonly durationSeconds: number
  readonly intervalSeconds: number
}

/** What checks say about a run. */
export interface Seen {
  /** Whether the last check before the run succeeded; absent where none is known. */
  readonly before?: boolean
  /** Whether the first checks begun after its end succeeded, two at most. */
  readonly after: readonly boolean[]
}

/** A run, and what is known of its effect. */
export interface JudgedRun extends CommandRun {
  readonly verdict: Verdict
  readonly checksAfter: readonly boolean[]
}

/**
 * Whether a check saw what was before a run. One that was under way when the run began, and then succeeded, may have seen what the
 * run repaired.
 */
export function isBefore(run: CommandRun, { at, success, durationSeconds }: CheckThen): boolean {
  return at + (success ? durationSeconds * 1000 : 0) < Date.parse(run.startedAt)
}

/** Checks that decide. */
export const mostChecks = 2

/** Milliseconds without a check that are never a gap, however often a target is checked: a machine may be busy. */
const shortestGapMs = 10_000

/**
 * The first checks begun after a run. What comes after a gap says nothing about the run: a check counts if it began at most two
 * of its intervals, or 10 s, after the one before it, or after the end of the run.
 *
 * @param checks In the order of their beginnings.
 */
export function checksAfter(
  run: CommandRun,
  checks: readonly Omit<CheckThen, 'durationSeconds'>[],
): boolean[] {
  let last = endOf(run)
  const counted: boolean[] = []
  for (const { at, success, intervalSeconds } of checks) {
    // One that was under way when the command ended has seen what was before.
    if (at < last) continue
    const gapMs = Math.max(shortestGapMs, 2 * intervalSeconds * 1000)
    if (counted.length === mostChecks || at - last > gapMs) break
    counted.push(success)
    last = at
  }
  return counted
}

/** Judges a run. */
export function judged(run: CommandRun, { before, after }: Seen): JudgedRun {
  return {
    ...run,
    verdict: verdictOf(run, { ...(before !== undefined && { before }), after }),
    checksAfter: after,
  }
}

function verdictOf(run: CommandRun, { before, after }: Seen): Verdict {
  if (!isJudged(run)) return 'unjudged'
  if (before === true) return 'already_fine'
  if (run.outcome !== 'succeeded' || after.includes(false)) return 'not_helped'
  return before === undefined || after.length < mostChecks ? 'unknown' : 'helped'
}
