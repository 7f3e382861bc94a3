const ends: (() => unknown)[] = []

/**
 * Has something closed when the file of tests that opened it ends. The suites of a worker share their modules, so a hook that a
 * module sets itself would belong to the first of them alone: `setup.ts` sets this one for each.
 */
export function atEnd(end: () => unknown): void {
  ends.push(end)
}

/** Closes what was opened since the last time, the newest first. */
export async function closeAll(): Promise<void> {
  for (const end of ends.splice(0).reverse()) await end()
}
