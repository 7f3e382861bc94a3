/** What one process says to another about things that both keep. */
export interface Ledger {
  /**
   * What has changed after a number that an earlier call returned; 0 for everything.
   *
   * @returns Entries that can be written as JSON.
   */
  readonly since: (seen: number) => { readonly entries: readonly unknown[]; readonly upTo: number }
  /**
   * Takes what the other process has. Entries that are not valid are skipped: another version may write them.
   *
   * @param offset Milliseconds by which the clock of this machine is ahead of the other one.
   */
  readonly merge: (entries: readonly unknown[], offset: number) => void
  /** Calls a listener when this process has changed something that the other one should know at once. Default: it never has. */
  readonly onChange?: (listener: () => void) => void
}

/** A map that knows what has changed since somebody last asked. */
export interface Numbered<T> {
  readonly get: (key: string) => T | undefined
  /** The entry becomes the last one. */
  readonly put: (key: string, entry: T) => void
  readonly forget: (key: string) => void
  /** Those that were put longest ago come first. */
  readonly entries: () => Iterable<[key: string, entry: T]>
  readonly size: () => number
  /** The entries that were put after a number that an earlier call returned; 0 for all. */
  readonly since: (seen: number) => { readonly entries: T[]; readonly upTo: number }
}

/** Makes such a map. The numbers begin again with each process. */
export function createNumbered<T>(): Numbered<T> {
  const numbered = new Map<string, { readonly entry: T; readonly number: number }>()
  let last = 0
  return {
    get: (key) => numbered.get(key)?.entry,
    put(key, entry) {
      numbered.delete(key)
      numbered.set(key, { entry, number: ++last })
    },
    forget: (key) => void numbered.delete(key),
    entries: () => [...numbered].map(([key, { entry }]): [string, T] => [key, entry]),
    size: () => numbered.size,
    since: (seen) => ({
      entries: [...numbered.values()].flatMap(({ entry, number }) => (number > seen ? [entry] : [])),
      upTo: last,
    }),
  }
}
