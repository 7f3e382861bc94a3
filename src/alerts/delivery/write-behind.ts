import type { DurableMap } from '../../lib/io/durable-map.ts'

/** State that lives in memory and follows on the disk. */
export interface WriteBehind {
  /** Notes a new value, to be written with the next flush; undefined removes it. */
  readonly set: (key: string, value: unknown) => void
  /**
   * Resolves when everything that was set before is on the disk. Callers that come while another flush is under way share the
   * next one.
   *
   * @throws Whatever the map said; it still has everything, and writes it when it can.
   */
  readonly flush: () => Promise<void>
}

/** Gathers changes: one line of the file, and one fsync, for all that is pending. What a line holds belongs together. */
export function writeBehind(map: DurableMap): WriteBehind {
  let dirty = new Map<string, unknown>()
  let running: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined

  async function write(): Promise<void> {
    next = undefined
    const batch = dirty
    dirty = new Map()
    if (batch.size > 0) await map.put([...batch])
  }

  return {
    set(key, value) {
      dirty.set(key, value)
    },
    flush() {
      if (next === undefined) {
        next = running.then(write)
        running = next.catch(() => undefined)
      }
      return next
    },
  }
}
