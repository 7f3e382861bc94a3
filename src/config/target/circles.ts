interface Visit {
  readonly name: string
  /** Its parents that are still to be looked at. */
  readonly parents: readonly string[]
  next: number
}

/**
 * Finds the circles of a graph, one for each knot of circles, in time linear in its edges.
 *
 * @param parentsOf What a name leads to.
 * @returns The names of each circle in order, without its end.
 */
export function circlesIn(
  names: readonly string[],
  parentsOf: (name: string) => readonly string[],
): readonly (readonly string[])[] {
  const circles: string[][] = []
  const done = new Set<string>()
  for (const start of names) {
    if (done.has(start)) continue
    const path: Visit[] = []
    const depths = new Map<string, number>()
    const enter = (name: string): void => {
      depths.set(name, path.length)
      path.push({ name, parents: parentsOf(name), next: 0 })
    }
    let isKnotted = false
    enter(start)
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const parent = visit.parents[visit.next]
      visit.next += 1
      if (parent === undefined) {
        path.pop()
        depths.delete(visit.name)
        done.add(visit.name)
        if (path.length === 0) isKnotted = false
        continue
      }
      const depth = depths.get(parent)
      // Another circle through the same names is reported once this one is gone.
      if (depth !== undefined && !isKnotted) {
        circles.push(path.slice(depth).map(({ name }) => name))
        isKnotted = true
      } else if (depth === undefined && !done.has(parent)) enter(parent)
    }
  }
  return circles
}
