import type { TargetStatus } from './status.ts'

type Seen = Pick<TargetStatus, 'name' | 'locations'>

/**
 * From where a target fails that works from elsewhere, if others fail in the same way: `all 3 that fail do so only from fra`. Then
 * what is broken may be the way from there.
 *
 * @returns Undefined where it fails alone, from everywhere, or not at all.
 */
export function sharedLocations(all: readonly Seen[], name: string): string | undefined {
  const failing = all.filter(({ locations = [] }) => locations.some(({ state }) => state === 'down'))
  const own = failing.find((one) => one.name === name)
  const from = own && failsFrom(own)
  if (from === undefined) return undefined
  const same = failing.filter((one) => failsFrom(one) === from)
  if (same.length < 2) return undefined
  const who =
    same.length === failing.length
      ? `all ${same.length} that fail`
      : `${same.length} of the ${failing.length} that fail`
  return `${who} do so only from ${from}`
}

/** Undefined where it works from nowhere. */
function failsFrom({ locations = [] }: Seen): string | undefined {
  if (!locations.some(({ state }) => state === 'up')) return undefined
  const down = locations.filter(({ state }) => state === 'down')
  return down.map(({ location }) => location).join(' and ')
}
