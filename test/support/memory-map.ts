import type { DurableMap } from '../../src/lib/io/durable-map.ts'
import { ProbityError } from '../../src/lib/errors.ts'

export interface MemoryMap extends DurableMap {
  /** Whether its disk takes anything. It has what was put all the same, as the real one. */
  disk: 'there' | 'full'
  /** What is on the disk, as another process finds it. */
  readonly afterKill: () => MemoryMap
}

/** A state file that is as fast as memory: for tests in which time is made to pass. */
export function memoryMap(kept: Iterable<[string, string]> = []): MemoryMap {
  const live = new Map(kept)
  let onDisk = new Map(live)
  return {
    disk: 'there',
    afterKill: () => memoryMap(onDisk),
    get: (key) => (live.has(key) ? (JSON.parse(live.get(key)!) as unknown) : undefined),
    entries: (prefix) =>
      [...live]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, text]) => [key, JSON.parse(text) as unknown]),
    put(changes) {
      for (const [key, value] of changes) {
        if (value === undefined) live.delete(key)
        else live.set(key, JSON.stringify(value))
      }
      if (this.disk !== 'there')
        return Promise.reject(new ProbityError('STATE_UNWRITABLE', 'ENOSPC: no space left on device'))
      onDisk = new Map(live)
      return Promise.resolve()
    },
    close: () => Promise.resolve(),
  }
}
