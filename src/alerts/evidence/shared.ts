/** What targets may have in common, in the order in which it is named. */
export const traits = ['address', 'host', 'certificate', 'name server', 'vendor'] as const
export type Trait = (typeof traits)[number]

/** One target, as its newest check left it. */
export interface Observed {
  readonly name: string
  readonly failing: boolean
  readonly has: Readonly<Partial<Record<Trait, string>>>
}

/** What some of the targets that fail have in common, and none of those that work. */
export interface Common {
  readonly members: ReadonlySet<string>
  /** `address 203.0.113.7 and host api.example.com`. */
  readonly what: string
}

/** The same of all targets. */
export interface Shared {
  readonly failing: number
  /** What most of them share comes first. */
  readonly common: readonly Common[]
}

/** Traits with the same members that are named together. */
const maxNamed = 3

/**
 * Finds what separates the targets that fail from those that work. What a target that works has too says nothing, and if none works
 * nothing separates them. It says what is shared, and claims no cause.
 */
export function sharedByFailing(all: Iterable<Observed>): Shared {
  const failing = new Map<
    string,
    { readonly trait: Trait; readonly value: string; readonly names: Set<string> }
  >()
  const working = new Set<string>()
  let [failed, worked] = [0, 0]
  for (const one of all) {
    if (one.failing) failed++
    else worked++
    for (const trait of traits) {
      const value = one.has[trait]
      if (value === undefined) continue
      const key = `${trait} ${value}`
      if (!one.failing) working.add(key)
      else {
        const known = failing.get(key) ?? { trait, value, names: new Set<string>() }
        failing.set(key, known)
        known.names.add(one.name)
      }
    }
  }
  if (worked === 0) return { failing: failed, common: [] }
  const groups = new Map<string, { members: Set<string>; named: string[] }>()
  for (const [key, { trait, value, names }] of failing) {
    if (names.size < 2 || working.has(key)) continue
    const id = JSON.stringify([...names].sort())
    const group = groups.get(id) ?? { members: names, named: [] }
    groups.set(id, group)
    group.named.push(`${trait} ${value}`)
  }
  const rank = (text: string): number => traits.findIndex((trait) => text.startsWith(`${trait} `))
  const common = [...groups.values()].map(({ members, named }) => ({
    members,
    what: named
      .sort((a, b) => rank(a) - rank(b))
      .slice(0, maxNamed)
      .join(' and '),
  }))
  return { failing: failed, common: common.sort((a, b) => b.members.size - a.members.size) }
}

/**
 * What a target that fails shares with others that do: `all 7 that fail share address 203.0.113.7, and none that works does`.
 *
 * @returns Undefined where it shares nothing that separates them.
 */
export function sharedWords({ failing, common }: Shared, target: string): string | undefined {
  const found = common.find(({ members }) => members.has(target))
  if (!found) return undefined
  const { size } = found.members
  const who = size === failing ? `all ${size} that fail` : `${size} of the ${failing} that fail`
  return `${who} share ${found.what}, and none that works does`
}
