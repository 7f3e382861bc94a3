/** Runs what has the same key one after the other, in the order in which it was asked for. */
export type Serial = <T>(key: string, work: () => Promise<T>) => Promise<T>

/** Keys that have nothing left to do are forgotten. */
export function serialByKey(): Serial {
  const last = new Map<string, Promise<unknown>>()
  return async (key, work) => {
    const before = last.get(key) ?? Promise.resolve()
    const done = before.then(work)
    const settled = done.catch(() => undefined)
    last.set(key, settled)
    try {
      return await done
    } finally {
      if (last.get(key) === settled) last.delete(key)
    }
  }
}
