import type { DurableMap } from '../../src/lib/io/durable-map.ts'

/** A state file that is as fast as memory: for tests in which time is made to pass. */
export function memoryMap(): DurableMap {
  const live = new Map<string, string>()
  return {
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
      return Promise.resolve()
    },
    close: () => Promise.resolve(),
  }
}
