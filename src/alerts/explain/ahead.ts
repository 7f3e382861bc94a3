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
export function lookAhead(options: AheadOptions): Ahead {
  const { replay, target, targets, newest, from, to, listen } = options
  const before = replay.active(target.name)
  const changes = new Map<string, number>()
  listen((now) => {
    if (now <= from) return
    const after = replay.active(target.name)
    for (const id of [...before, ...after])
      if (before.includes(id) !== after.includes(id) && !changes.has(id)) changes.set(id, now)
  })
  const coming = targets.flatMap((one) => {
    const check = newest.get(one.name)
    return check ? [{ check, interval: one.interval, at: nextAt(check, one.interval, from) }] : []
  })
  for (;;) {
    const next = coming.reduce<(typeof coming)[number] | undefined>(
      (first, one) => (first && endOf(first) <= endOf(one) ? first : one),
      undefined,
    )
    if (!next || endOf(next) > to) break
    replay.observe({ ...next.check, at: next.at })
    next.at += next.interval
  }
  replay.finish(to)
  return changes
}

function endOf({ at, check }: { readonly at: number; readonly check: PastCheck }): number {
  return at + check.durationSeconds
}

/** The first moment in its rhythm at which a check ends after `from`. */
function nextAt({ at, durationSeconds }: PastCheck, interval: number, from: number): number {
  const left = from - at - durationSeconds
  return at + Math.max(1, Math.floor(left / interval) + 1) * interval
}
