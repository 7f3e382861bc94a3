import type { Clock } from './time/clock.ts'

export interface CountsOptions {
  /** How many there may be of a key in one window. */
  readonly max: number
  readonly windowMs: number
}

/** Counts something by key, in windows of time. */
export interface Counts {
  /** Milliseconds until there may be another; 0 where there may be one now. */
  readonly wait: (key: string) => number
  /** @returns What takes it back. */
  readonly count: (key: string) => () => void
}

/** Keys that are counted; beyond it, those that were counted longest ago are forgotten. */
const maxKeys = 10_000

/** Starts with nothing counted. Its memory is bounded, whatever others send. */
export function createCounts(clock: Pick<Clock, 'monotonic'>, { max, windowMs }: CountsOptions): Counts {
  const windows = new Map<string, { readonly from: number; count: number }>()
  const current = (key: string) => {
    const known = windows.get(key)
    return known && clock.monotonic() - known.from < windowMs ? known : undefined
  }
  return {
    wait(key) {
      const known = current(key)
      return known && known.count >= max ? known.from + windowMs - clock.monotonic() : 0
    },
    count(key) {
      const known = current(key) ?? { from: clock.monotonic(), count: 0 }
      known.count++
      // At the end, so that what is first was counted longest ago.
      windows.delete(key)
      windows.set(key, known)
      for (const oldest of windows.keys()) {
        if (windows.size <= maxKeys) break
        windows.delete(oldest)
      }
      return () => {
        known.count--
      }
    },
  }
}
