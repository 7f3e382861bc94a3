import { ProbityError } from '../../lib/errors.ts'
import { unknownTarget } from '../api/errors.ts'
import type { StatusSource } from '../status/status.ts'
import type { LocationBadge } from './metrics.ts'

/**
 * What is known of a target from one of its locations.
 *
 * @throws ProbityError `TARGET_UNKNOWN`, and `LOCATION_UNKNOWN` where it was not checked from there within the last day.
 */
export async function fromLocation(
  source: StatusSource,
  name: string,
  location: string,
): Promise<LocationBadge> {
  const target = (await source.target(name)) ?? (await source.elsewhere()).find((each) => each.name === name)
  if (!target) throw unknownTarget(name)
  const { locations = [] } = target
  const seen = locations.find((each) => each.location === location)
  if (!seen) {
    const known =
      locations.map((each) => each.location).join(', ') || 'none: it is checked from one location only'
    throw new ProbityError(
      'LOCATION_UNKNOWN',
      `${JSON.stringify(location.slice(0, 100))} has not checked this target within a day: expected one of its locations (${known})`,
    )
  }
  return { target, seen, past: await source.seenFrom(target.name, location) }
}
