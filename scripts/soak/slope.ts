/** A measured value at a time, in seconds. */
export type Point = readonly [at: number, value: number]

/** By how much the fitted line (least squares) rises from the first point to the last one. */
export function rise(points: readonly Point[]): number {
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last || first === last) return 0
  const mean = (index: 0 | 1): number => points.reduce((sum, one) => sum + one[index], 0) / points.length
  const [at, value] = [mean(0), mean(1)]
  const spread = points.reduce((sum, one) => sum + (one[0] - at) ** 2, 0)
  const slope = points.reduce((sum, one) => sum + (one[0] - at) * (one[1] - value), 0) / spread
  return slope * (last[0] - first[0])
}

/** The lowest value of each of so many parts of the time: of a heap, what is left after a collection. */
export function lowest(points: readonly Point[], parts: number): Point[] {
  const size = Math.max(1, Math.ceil(points.length / parts))
  const groups = Array.from({ length: Math.ceil(points.length / size) }, (_none, index) =>
    points.slice(index * size, (index + 1) * size),
  )
  return groups.map((group) => group.reduce((low, one) => (one[1] < low[1] ? one : low)))
}

/** The second half: in the first one, caches and windows of time fill. */
export function settled(points: readonly Point[]): Point[] {
  return points.slice(Math.floor(points.length / 2))
}
