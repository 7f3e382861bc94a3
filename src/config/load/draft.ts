import type { ForeignModule } from '../foreign.ts'
import type { CallTarget } from '../target/calls.ts'
import type { Dependent } from '../target/depends-on.ts'
import type { Renamed } from '../target/former-names.ts'
import type { TargetDraft } from '../document/document.ts'
import type { Part, Reading } from '../document/parts.ts'
import { didYouMean } from '../../settings/values/closest.ts'
import { seen } from '../../settings/values/value.ts'
import type { Parts } from './origins.ts'
import { hasCheck, kindProblem, resolveTarget } from './resolve.ts'
import { resolveCallTarget } from './calls.ts'
import { specificationParts } from './specification.ts'

/** What a target inherits from, apart from its own group. */
export interface Inherited {
  readonly defaults?: Part
  readonly modules: ReadonlyMap<string, Part>
  readonly foreign: ReadonlyMap<string, ForeignModule>
}

/** What a draft becomes: something to probe, something to judge calls by, or both. */
export interface Resolved {
  readonly dependent?: Dependent
  readonly callTarget?: CallTarget
  readonly renamed?: Renamed
  /** What it was put together from. Present where the reading remembers that. */
  readonly written?: Parts
}

/** Puts a target together with what it inherits. What is wrong is reported. */
export function resolveDraft(
  draft: TargetDraft,
  { defaults, modules, foreign }: Inherited,
  reading: Reading,
): Resolved {
  const { name = '', place, short, parts } = draft
  const own = parts.at(-1)
  if (own === undefined) return {}
  const problem = kindProblem(own.has)
  const callsOnly = own.has('calls') && !hasCheck(own.has)
  if (!callsOnly && problem !== undefined) reading.issues.add(place, [], 'value', problem)
  const chosen = own.settings.module ?? defaults?.settings.module
  const other = chosen === undefined ? undefined : foreign.get(chosen)
  const module = chosen === undefined ? undefined : (modules.get(chosen) ?? other?.part)
  const asking = own.settings.module === undefined ? defaults : own
  if (chosen !== undefined && module === undefined) {
    const known = [...modules.keys(), ...foreign.keys()]
    asking?.report(['module'], `there is no module ${seen}${didYouMean(chosen, known)}`)
  }
  if (other?.refusal !== undefined)
    asking?.report(['module'], `module ${seen} cannot be used: ${other.refusal}`)
  const chain = [...(module ? [module] : []), ...parts]
  const base = defaults ? [defaults] : []
  const all = [...base, ...specificationParts([...base, ...chain], place.source.file, reading), ...chain]
  if (callsOnly && (own.settings.retry ?? undefined) !== undefined)
    own.report(['retry'], 'has no effect without a check: remove it')
  const callTarget = resolveCallTarget(name, all, !callsOnly)
  const target = callsOnly ? undefined : resolveTarget(name, all, reading.expander)
  if (short && target?.instance.includes('<secret>')) {
    const message = 'a URL whose path comes from ${...} needs a name: write name: and url:'
    reading.issues.add(place, [], 'value', message)
  }
  const dependent = target && {
    target,
    report: (all.findLast(({ has }) => has('depends_on')) ?? own).report,
  }
  const { was } = own.settings
  const renamed = { name, ...(was && { was }), report: own.report }
  const written = reading.origins && { written: { name, parts: all } }
  return { ...(dependent && { dependent }), ...(callTarget && { callTarget }), renamed, ...written }
}
