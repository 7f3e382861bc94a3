import type { HeartbeatState } from './state.ts'

/**
 * Puts together what two processes have heard of the same job. For each fact the newest call wins, in whichever order the two learn
 * of it. Both must have the same clock, or their times must be converted before.
 *
 * @param mine Its `since` counts: each has expected the job for as long as it has.
 */
export function mergeStates(mine: HeartbeatState, theirs: HeartbeatState): HeartbeatState {
  const lastSuccess = newest(mine.lastSuccess, theirs.lastSuccess)
  const lastFailed = later(mine.failed, theirs.failed)
  const failed = lastFailed && lastFailed.at >= (lastSuccess ?? 0) ? lastFailed : undefined
  const said = later(mine.said, theirs.said)
  const starts = startsOf(mine).concat(startsOf(theirs))
  const open = starts.filter((at) => at >= Math.max(lastSuccess ?? 0, failed?.at ?? 0))
  const startedAt = open.length > 0 ? Math.min(...open) : undefined
  const startedAgain = Math.max(...open)
  const run = lastRunOf(mine, theirs, lastSuccess)
  return {
    since: mine.since,
    ...(lastSuccess !== undefined && { lastSuccess }),
    ...(startedAt !== undefined && { startedAt }),
    ...(startedAt !== undefined && startedAgain > startedAt && { startedAgain }),
    ...run,
    ...(said && { said }),
    ...(failed && { failed }),
  }
}

/** Those that no end has been heard of yet. */
function startsOf({ startedAt, startedAgain }: HeartbeatState): number[] {
  return [startedAt, startedAgain].filter((at) => at !== undefined)
}

/** The newest run of which the beginning and the success are known, which may have been reported to different processes. */
function lastRunOf(
  mine: HeartbeatState,
  theirs: HeartbeatState,
  lastSuccess: number | undefined,
): Pick<HeartbeatState, 'lastRun' | 'lastRunFrom'> {
  const joined = [mine, theirs].flatMap(({ startedAt, lastSuccess: own = 0 }) =>
    startedAt !== undefined && lastSuccess !== undefined && own < startedAt && startedAt < lastSuccess
      ? [{ lastRunFrom: startedAt, lastRun: lastSuccess - startedAt }]
      : [],
  )
  const [first, ...others] = [mine, theirs, ...joined].filter(({ lastRun }) => lastRun !== undefined)
  if (!first) return {}
  const { lastRun, lastRunFrom } = others.reduce((one, other) => {
    const newer = (other.lastRunFrom ?? 0) - (one.lastRunFrom ?? 0)
    // Of the same run, one may not have heard of the first success after it.
    return newer > 0 || (newer === 0 && (other.lastRun ?? 0) < (one.lastRun ?? 0)) ? other : one
  }, first)
  return {
    ...(lastRun !== undefined && { lastRun }),
    ...(lastRunFrom !== undefined && { lastRunFrom }),
  }
}

function newest(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return Math.max(one, other)
}

/** Of two of the same moment, both must choose the same one: otherwise each would correct the other one forever. */
function later<T extends { readonly at: number }>(one: T | undefined, other: T | undefined): T | undefined {
  if (!one || !other) return one ?? other
  if (one.at !== other.at) return one.at > other.at ? one : other
  const text = (fact: T): string => JSON.stringify(Object.entries(fact).sort())
  return text(one) >= text(other) ? one : other
}
