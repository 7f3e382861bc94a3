import { isDeepStrictEqual } from 'node:util'
import type { Target } from '../../config/target/target.ts'
import { isAwaited } from '../../checks/heartbeat/result.ts'
import type { ProbeResult } from '../../checks/result.ts'
import { Durations } from './durations.ts'
import type { Beat } from './status.ts'

/** What this process has seen of a target, in addition to its last result. */
export interface RecentView {
  /** Since when this process has seen the same outcome. */
  readonly since: Date
  /** Whether the check before had the other outcome; else it may have been like that for longer. */
  readonly witnessed: boolean
  /** The first of the results since then. */
  readonly first: ProbeResult
  /** Seconds that the checks of the last ten minutes took; absent where they are fewer than three. */
  readonly median?: number
}

/** Remembers the checks of the last minutes. */
export interface Recent {
  readonly observe: (target: Target, result: ProbeResult) => void
  /** @param now Unix time in milliseconds. */
  readonly of: (target: Target, now: number) => RecentView | undefined
  /** The newest checks, the oldest of them first. */
  readonly beats: (target: Target) => readonly Beat[]
  /** Forgets all targets but these. */
  readonly retain: (targets: readonly Target[]) => void
}

interface Entry {
  readonly target: Target
  first: ProbeResult
  last: ProbeResult
  witnessed: boolean
  readonly durations: Durations
  /** Not a number where a check failed. */
  readonly beats: Durations
}

const windowMs = 600_000
/** Of a target that is checked every second. */
const mostDurations = 600
/** As many as a row of a phone shows apart. */
const mostBeats = 45
/** As the alert TargetSlow: fewer say nothing. */
const fewestDurations = 3

export function rememberRecent(): Recent {
  const entries = new Map<string, Entry>()

  function entryOf(target: Target): Entry | undefined {
    const entry = entries.get(target.name)
    return entry && isSame(entry.target, target) ? entry : undefined
  }

  return {
    observe(target, result) {
      let entry = entryOf(target)
      if (!entry) {
        const durations = new Durations(windowMs, mostDurations)
        const beats = new Durations(Infinity, mostBeats)
        entry = { target, first: result, last: result, witnessed: false, durations, beats }
        entries.set(target.name, entry)
      }
      if (outcomeOf(entry.last) !== outcomeOf(result)) {
        entry.first = result
        entry.witnessed = true
      }
      entry.last = result
      const at = result.startedAt.getTime()
      entry.durations.add(at, result.durationSeconds)
      if (outcomeOf(result) !== 'awaited') entry.beats.add(at, result.success ? result.durationSeconds : NaN)
    },
    of(target, now) {
      const entry = entryOf(target)
      if (!entry) return undefined
      const { first, witnessed } = entry
      const seconds = entry.durations.within(now)
      return {
        since: first.startedAt,
        witnessed,
        first,
        ...(seconds.length >= fewestDurations && { median: medianOf(seconds) }),
      }
    },
    beats(target) {
      const beats = entryOf(target)?.beats.all() ?? []
      return beats.map(([at, seconds]) => ({
        at: new Date(at),
        seconds: Number.isNaN(seconds) ? null : seconds,
      }))
    },
    retain(targets) {
      const kept = new Set(targets.map(({ name }) => name))
      for (const name of entries.keys()) if (!kept.has(name)) entries.delete(name)
    },
  }
}

function outcomeOf(result: ProbeResult): 'awaited' | 'succeeded' | 'failed' {
  if (isAwaited(result)) return 'awaited'
  return result.success ? 'succeeded' : 'failed'
}

/** Between the two middle ones where their number is even, as Prometheus has it. */
function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const rank = (sorted.length - 1) / 2
  const [low = NaN, high = NaN] = [sorted[Math.floor(rank)], sorted[Math.ceil(rank)]]
  return (low + high) / 2
}

function isSame(a: Target, b: Target): boolean {
  return a === b || isDeepStrictEqual([a.shown, a.secrets], [b.shown, b.secrets])
}
