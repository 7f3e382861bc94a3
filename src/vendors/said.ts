import { cut, oneLine } from '../lib/text/text.ts'

/** What a vendor says of itself, from the best to the worst. */
export const vendorStates = [
  'operational',
  'maintenance',
  'degraded',
  'partial_outage',
  'major_outage',
] as const
export type VendorState = (typeof vendorStates)[number]

/** An incident or a maintenance that a vendor says is not over. */
export interface VendorIncident {
  /** Its own words, on one line, at most 200 characters. */
  readonly title: string
  readonly state: VendorState
  /** When it began, as the vendor says; absent where it does not. */
  readonly startedAt?: Date
}

/** What was read of a vendor's own page. */
export interface VendorSays {
  readonly state: VendorState
  /** Those that are not over, the worst first, at most 20. */
  readonly incidents: readonly VendorIncident[]
}

/** A document that is not what its format says, in words for a person. */
export class VendorFormatError extends Error {
  override name = 'VendorFormatError'
}

const maxIncidents = 20
const maxTitle = 200

/** @returns `operational` where there is none. */
export function worstOf(states: Iterable<VendorState>): VendorState {
  let worst = 0
  for (const state of states) worst = Math.max(worst, vendorStates.indexOf(state))
  return vendorStates[worst] ?? 'operational'
}

/** Orders and bounds what a vendor says: whatever it is, it may be shown. */
export function says(state: VendorState, incidents: readonly VendorIncident[]): VendorSays {
  const rank = (one: VendorIncident): number => vendorStates.indexOf(one.state)
  return {
    state,
    incidents: incidents
      .toSorted((a, b) => rank(b) - rank(a))
      .slice(0, maxIncidents)
      .map((one) => ({ ...one, title: cut(oneLine(one.title.slice(0, 2000)), maxTitle) })),
  }
}

/** Reads a time; undefined where it is none. */
export function timeOf(text: string | null | undefined): Date | undefined {
  const at = new Date(text ?? NaN)
  return Number.isNaN(at.getTime()) ? undefined : at
}

/**
 * Picks what was asked for by name, whatever the case.
 *
 * @param wanted Empty: everything.
 * @throws VendorFormatError when something has none of the names.
 */
export function chosen<T>(
  all: readonly T[],
  wanted: readonly string[],
  namesOf: (one: T) => readonly string[],
): readonly T[] {
  if (wanted.length === 0) return all
  const asked = new Map(wanted.map((name) => [name.toLowerCase(), name]))
  const found = all.filter((one) => namesOf(one).some((name) => asked.has(name.toLowerCase())))
  const seen = new Set(found.flatMap((one) => namesOf(one).map((name) => name.toLowerCase())))
  const missing = [...asked].filter(([name]) => !seen.has(name)).map(([, name]) => JSON.stringify(name))
  if (missing.length > 0) throw new VendorFormatError(`the page has no component ${missing.join(', ')}`)
  return found
}
