/**
 * A long proof plays a part of its cases in every run of the tests, always the same, and all of them where `npm run prove` sets
 * PROBITY_PROVE=all.
 */
export const proveAll = process.env.PROBITY_PROVE === 'all'

/** How many cases to play: one in `share`, at least one, or all of them. */
export function partOf(all: number, share: number): number {
  return proveAll ? all : Math.ceil(all / share)
}

/** One case in `share`, or all of them. */
export function someOf<T>(all: readonly T[], share: number): T[] {
  return all.filter((_one, index) => proveAll || index % share === 0)
}
