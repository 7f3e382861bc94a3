import { circlesIn } from './circles.ts'
import { didYouMean } from '../../settings/values/closest.ts'
import type { Report } from '../../checks/kind.ts'
import type { Target } from './target.ts'
import { asText, oneOrMany, seen } from '../../settings/values/value.ts'

/** `depends_on:` of a target: the names of those without which it cannot work. */
export const dependsOn = oneOrMany(asText, { type: 'string', description: 'The name of another target.' })

/** A target, and where what is wrong with its `depends_on` is reported. */
export interface Dependent {
  readonly target: Target
  readonly report: Report
}

/** Names of a circle that a message shows. */
const maxShown = 10

/**
 * What is looked at to find out what every target depends on, in all, and how many names that may come to. A thousand targets in
 * one chain take half a million.
 */
const maxLooks = 10_000_000
const maxAncestors = 1_000_000

/**
 * Gives each target everything that it depends on: what is named, and what that depends on in turn. Names that are not
 * targets, circles, and webs of dependencies that are too large are reported.
 */
export function linkDependencies(dependents: readonly Dependent[]): Target[] {
  const byName = new Map(dependents.map((dependent) => [dependent.target.name, dependent]))
  for (const { target, report } of dependents) {
    for (const [index, name] of (target.dependsOn ?? []).entries()) {
      if (byName.has(name)) continue
      const message = `there is no target ${seen} that is probed${didYouMean(name, byName.keys())}`
      report(['depends_on', index], message)
    }
  }
  const circles = circlesIn([...byName.keys()], (name) => parentsOf(name, byName))
  for (const circle of circles) {
    const [name = ''] = circle
    byName.get(name)?.report(['depends_on'], `forms a cycle: ${shownCircle(circle)}`)
  }
  // With a circle, the configuration is refused anyway: what each target depends on is not worth the work.
  if (circles.length > 0) return dependents.map(({ target }) => target)
  const budget = { looks: maxLooks, ancestors: maxAncestors }
  return dependents.map(({ target, report }) => {
    if (target.dependsOn === undefined || budget.looks < 0) return target
    const found = ancestorsOf(target.name, byName, budget)
    if (found) return { ...target, dependsOn: found }
    report(
      ['depends_on'],
      'the targets up to this one depend on too many others, directly and indirectly: name fewer',
    )
    return target
  })
}

type ByName = ReadonlyMap<string, Dependent>

function parentsOf(name: string, byName: ByName): readonly string[] {
  return byName.get(name)?.target.dependsOn ?? []
}

function shownCircle(circle: readonly string[]): string {
  const [first = ''] = circle
  const shown = circle.length <= maxShown + 1 ? circle : circle.slice(0, maxShown)
  const left = circle.length - shown.length
  return [...shown, ...(left > 0 ? [`${left} more`] : []), first].join(' -> ')
}

/** In the order in which they are named, the nearest first; undefined where that is too much work. */
function ancestorsOf(
  name: string,
  byName: ByName,
  budget: { looks: number; ancestors: number },
): string[] | undefined {
  const found = new Set(parentsOf(name, byName))
  for (const ancestor of found) {
    const next = parentsOf(ancestor, byName)
    budget.looks -= next.length + 1
    for (const each of next) found.add(each)
    if (budget.looks < 0) return undefined
  }
  budget.ancestors -= found.size
  if (budget.ancestors >= 0) return [...found]
  budget.looks = -1
  return undefined
}
