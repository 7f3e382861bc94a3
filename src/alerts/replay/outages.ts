import type { PastCheck } from './past-check.ts'

/** A time in which every check of a target failed. Times are unix seconds. */
export interface Outage {
  readonly target: string
  readonly location: string
  /** When the first check that failed began. */
  readonly startedAt: number
  /** When the first check that succeeded began; absent while it lasts. */
  readonly endedAt?: number
  /** When the last check that failed began. */
  readonly lastFailedAt: number
  /** Why the first check failed. */
  readonly reason: string
  readonly message: string
}

/** Finds the outages in checks that come in order. */
export interface OutageList {
  readonly observe: (check: PastCheck) => void
  /** In the order in which they began. */
  readonly all: () => readonly Outage[]
}

export function createOutages(): OutageList {
  const list: Outage[] = []
  /** Where in the list those are that last. */
  const open = new Map<string, number>()

  return {
    observe({ target, location, at, failure }) {
      if (!failure && open.size === 0) return
      const key = JSON.stringify([location, target])
      const index = open.get(key)
      if (failure && index === undefined) {
        open.set(key, list.length)
        list.push({ target, location, startedAt: at, lastFailedAt: at, ...failure })
      } else if (index !== undefined) {
        if (!failure) open.delete(key)
        const outage = list[index]
        if (outage) list[index] = { ...outage, ...(failure ? { lastFailedAt: at } : { endedAt: at }) }
      }
    },
    all: () => list,
  }
}
