import { didYouMean } from '../../settings/values/closest.ts'
import type { Report } from '../../checks/kind.ts'
import type { Target } from './target.ts'
import { asText, oneOrMany } from '../../settings/values/value.ts'

/** `depends_on:` of a target: the names of those without which it cannot work. */
export const dependsOn = oneOrMany(asText, { type: 'string', description: 'The name of another target.' })

/** A target, and where what is wrong with its `depends_on` is reported. */
export interface Dependent {
  readonly target: Target
  readonly report: Report
}

/**
 * Gives each target everything that it depends on: what is named, and what that depends on in turn. Names that are not
 * targets and circles are reported.
 */
export function linkDependencies(dependents: readonly Dependent[]): Target[] {
  const byName = new Map(dependents.map((dependent) => [dependent.target.name, dependent]))
  const inCircle = new Set<string>()
  for (const { target, report } of dependents) {
    for (const [index, name] of (target.dependsOn ?? []).entries()) {
      if (byName.has(name)) continue
      const message = `there is no target ${JSON.stringify(name)} that is probed${didYouMean(name, byName.keys())}`
      report(['depends_on', index], message)
    }
    const circle = inCircle.has(target.name) ? undefined : circleOf(target.name, byName)
    if (circle === undefined) continue
    for (const name of circle) inCircle.add(name)
    report(['depends_on'], `forms a cycle: ${[...circle, target.name].join(' -> ')}`)
  }
  return dependents.map(({ target }) =>
    target.dependsOn === undefined ? target : { ...target, dependsOn: ancestorsOf(target.name, byName) },
  )
}

type ByName = ReadonlyMap<string, Dependent>

function parentsOf(name: string, byName: ByName): readonly string[] {
  return byName.get(name)?.target.dependsOn ?? []
}

/** In the order in which they are named, the nearest first. */
function ancestorsOf(name: string, byName: ByName): string[] {
  const found = new Set(parentsOf(name, byName))
  for (const ancestor of found) for (const next of parentsOf(ancestor, byName)) found.add(next)
  return [...found]
}

/** The way from a target back to itself, without its end. */
function circleOf(start: string, byName: ByName): string[] | undefined {
  const cameFrom = new Map<string, string>()
  const waiting = [start]
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    for (const parent of parentsOf(name, byName)) {
      if (parent === start) {
        const way = [name]
        for (let at = name; at !== start;) way.unshift((at = cameFrom.get(at) ?? start))
        return way
      }
      if (cameFrom.has(parent)) continue
      cameFrom.set(parent, name)
      waiting.push(parent)
    }
  }
  return undefined
}
