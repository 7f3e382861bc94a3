import { inSlices } from '../../lib/time/slices.ts'
import type { Target } from '../../config/target/target.ts'
import type { PastCheck } from '../replay/past-check.ts'
import type { Replay } from '../replay/replay.ts'

/** When an alert would begin or end, by the id of its rule; unix seconds. */
export type Ahead = ReadonlyMap<string, number>

export interface AheadOptions {
  readonly replay: Pick<Replay, 'observe' | 'finish' | 'active'>
  /** The one that is asked about, and all others whose checks matter to it. */
  readonly target: Target
  readonly targets: readonly Target[]
  /** The newest check of each, by the name that the configuration has. */
  readonly newest: ReadonlyMap<string, PastCheck>
  /** Unix seconds: from when, and until when at most. */
  readonly from: number
  readonly to: number
  /** Called with what wants to know when something is decided. */
  readonly listen: (decided: (now: number) => void) => void
}

/**
 * Goes on with checks that come to the same as the newest ones, and notes when an alert of the target begins or ends for the first
 * time. It uses the replay up.
 */
export async function lookAhead(options: AheadOptions): Promise<Ahead> {
  const { replay, target, from, to, listen } = options
  const before = replay.active(target.name)
  const changes = new Map<string, number>()
  listen((now) => {
    if (now <= from) return
    const after = replay.active(target.name)
    for (const id of [...before, ...after])
      if (before.includes(id) !== after.includes(id) && !changes.has(id)) changes.set(id, now)
  })
  await inSlices(coming(options), (check) => {
    if (typeof check === 'number') replay.finish(check)
    else replay.observe(check)
  })
  replay.finish(to)
  return changes
}

/** Seconds of which everything is decided at once. */
const stepSeconds = 900

/** The checks in the order in which they end, and moments to go to where there is none for a while. */
function* coming({ targets, newest, from, to }: AheadOptions): Generator<PastCheck | number> {
  const next = targets.flatMap((one) => {
    const check = newest.get(one.name)
    return check ? [{ check, interval: one.interval, at: nextAt(check, one.interval, from) }] : []
  })
  for (let now = from; now < to;) {
    let first = next[0]
    for (const one of next) if (first && endOf(one) < endOf(first)) first = one
    const end = Math.min(first ? endOf(first) : Infinity, to)
    for (; now + stepSeconds < end; yield now) now += stepSeconds
    if (first && end < to) {
      yield { ...first.check, at: first.at }
      first.at += first.interval
    }
    now = end
  }
}

function endOf({ at, check }: { readonly at: number; readonly check: PastCheck }): number {
  return at + check.durationSeconds
}

/** The first moment in its rhythm at which a check ends after `from`. */
function nextAt({ at, durationSeconds }: PastCheck, interval: number, from: number): number {
  const left = from - at - durationSeconds
  return at + Math.max(1, Math.floor(left / interval) + 1) * interval
}
