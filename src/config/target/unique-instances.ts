import type { Target } from './target.ts'

/**
 * Gives each target an instance that no other has, so that `max by (instance)` hides none of those that differ in their query
 * only. The first keeps its address, and what is recorded of it; the name is what tells the others apart without showing a query.
 */
export function uniqueInstances(targets: readonly Target[]): Target[] {
  const taken = new Set<string>()
  return targets.map((target) => {
    const { name, instance } = target
    const own = taken.has(instance) ? `${instance}#${name}` : instance
    taken.add(own)
    return own === instance ? target : { ...target, instance: own }
  })
}
