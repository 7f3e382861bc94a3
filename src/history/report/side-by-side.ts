/** What was measured of a target from one location. */
interface Placed {
  readonly target: string
  readonly location: string
  /** Seconds; absent where no check succeeded. */
  readonly p50?: number
}

/** A target that was checked from several locations. */
export interface SideBySide {
  readonly target: string
  /** In the order of their names. */
  readonly locations: readonly string[]
  /** The location with the lowest median; absent where all have the same, or only one has any. */
  readonly fastest?: string
  /** The one with the highest. */
  readonly slowest?: string
}

/** In the order of the names of the targets. */
export function sideBySide(endpoints: readonly Placed[]): SideBySide[] {
  const byTarget = new Map<string, Placed[]>()
  for (const one of endpoints) byTarget.set(one.target, [...(byTarget.get(one.target) ?? []), one])
  return [...byTarget]
    .filter(([, own]) => own.length > 1)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([target, own]) => ({
      target,
      locations: own.map(({ location }) => location).sort(),
      ...extremes(own),
    }))
}

function extremes(own: readonly Placed[]): Pick<SideBySide, 'fastest' | 'slowest'> {
  const measured = own
    .flatMap(({ location, p50 }) => (p50 === undefined ? [] : [{ location, p50 }]))
    .sort((a, b) => a.p50 - b.p50)
  const [fastest, slowest] = [measured[0], measured.at(-1)]
  if (!fastest || !slowest || fastest.p50 === slowest.p50) return {}
  return { fastest: fastest.location, slowest: slowest.location }
}
