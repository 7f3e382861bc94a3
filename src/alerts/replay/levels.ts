/** Seconds of a block: half of what TargetSlow looks at, so that what fills half of its window fills a block or most of one. */
export const blockSeconds = 300

/** What the checks of one target at one location came to, five minutes at a time. */
export interface Levels {
  /** Takes the next check. @param at When it began; unix seconds. Checks that come a little out of order count for the newer block. */
  readonly add: (at: number, durationSeconds: number, failed: boolean) => void
  /** The blocks in which there were checks, in order; ends the newest one. */
  readonly blocks: () => Blocks
}

/** The blocks with checks, as columns. */
export interface Blocks {
  readonly count: number
  /** When a block begins; unix seconds. */
  readonly startOf: (index: number) => number
  /** Seconds that half of its checks took at most. */
  readonly median: (index: number) => number
  readonly failed: (index: number) => number
  readonly checks: (index: number) => number
}

/** Numbers that grow in place: 12 bytes for each block, 100 kB for a month. */
export function createLevels(): Levels {
  let capacity = 64
  let numbers = new Uint32Array(capacity)
  let medians = new Float32Array(capacity)
  let counts = new Uint16Array(capacity * 2)
  let count = 0
  let current = -1
  let durations: number[] = []
  let failures = 0

  function end(): void {
    if (durations.length === 0) return
    if (count === capacity) {
      capacity *= 2
      numbers = grown(numbers, new Uint32Array(capacity))
      medians = grown(medians, new Float32Array(capacity))
      counts = grown(counts, new Uint16Array(capacity * 2))
    }
    durations.sort((a, b) => a - b)
    numbers[count] = current
    medians[count] = durations[(durations.length - 1) >> 1] ?? NaN
    counts[count * 2] = failures
    counts[count * 2 + 1] = durations.length
    count++
    durations = []
    failures = 0
  }

  return {
    add(at, durationSeconds, failed) {
      const block = Math.floor(at / blockSeconds)
      if (block > current) {
        end()
        current = block
      }
      durations.push(durationSeconds)
      if (failed) failures++
    },
    blocks() {
      end()
      return {
        count,
        startOf: (index) => (numbers[index] ?? NaN) * blockSeconds,
        median: (index) => medians[index] ?? NaN,
        failed: (index) => counts[index * 2] ?? 0,
        checks: (index) => counts[index * 2 + 1] ?? 0,
      }
    },
  }
}

function grown<T extends Uint32Array | Float32Array | Uint16Array>(from: T, to: T): T {
  to.set(from)
  return to
}
