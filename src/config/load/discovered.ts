import type { DiscoverySource } from '../discovery/source.ts'
import type { Labels } from '../discovery/kind.ts'
import { fillTemplate, TemplateError } from '../discovery/template.ts'
import { isMapping, readPart, type Mapping, type Part, type Reading } from '../document/parts.ts'
import { templateSchema } from '../document/schema.ts'
import { Issues, type Place } from '../../settings/issues.ts'
import { formatPath } from '../../settings/path.ts'
import { seen } from '../../settings/values/value.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Target } from '../target/target.ts'
import { resolveDraft, type Inherited } from './draft.ts'

/** What became of the last answer of a source. */
export interface Discovered {
  readonly source: DiscoverySource
  /** Whether there was an answer. */
  readonly asked: boolean
  readonly targets: number
  /** How many things that it listed are not targets. */
  readonly skipped: number
  /** Why, for the first of them. */
  readonly problems: readonly string[]
}

/** What each source has answered last; nothing where it has not been asked, or has never answered. */
export type Found = (source: DiscoverySource) => readonly Labels[] | undefined

/** Reasons that a person is shown. */
const maxProblems = 10

/**
 * Makes targets of what was discovered. What cannot be one is skipped: a label of somebody else must not make the configuration
 * invalid.
 *
 * @param listed The targets of the file.
 * @param taken The names that are in use.
 */
export function discoverTargets(
  sources: readonly DiscoverySource[],
  found: Found,
  listed: readonly Target[],
  taken: ReadonlySet<string>,
  inherited: Inherited,
  reading: Reading,
): { readonly targets: Target[]; readonly discovered: Discovered[] } {
  const names = new Set(taken)
  const parents = new Map(listed.map((target) => [target.name, target]))
  const { quiet, complaint } = quietly(inherited)
  const targets: Target[] = []

  /** @throws TemplateError Why there is no target. */
  function make(source: DiscoverySource, labels: Labels): Target {
    const issues = new Issues([], reading.expander)
    const own: Reading = { ...reading, issues }
    const filled = fillTemplate(source.template, labels)
    const part = isMapping(filled) ? partOf(filled, source.place, own) : undefined
    const { name } = part?.settings ?? {}
    if (name !== undefined && names.has(name)) throw new TemplateError('the name is that of another target')
    const { place } = source
    const target =
      part && resolveDraft({ place, name, short: false, parts: [part] }, quiet, own).dependent?.target
    const [issue] = issues.sorted()
    const why = complaint() ?? (issue && [issue.path, issue.message].filter((text) => text !== '').join(': '))
    if (!target || name === undefined || why !== undefined) throw new TemplateError(why ?? 'has no name')
    return {
      ...linked(target),
      ...(source.allowNetworks && { guard: { allowNetworks: source.allowNetworks } }),
    }
  }

  /** With what it depends on, directly and indirectly: targets of the file, which there always are. */
  function linked(target: Target): Target {
    const { dependsOn = [] } = target
    const all = dependsOn.flatMap((parent) => {
      const known = parents.get(parent)
      if (!known) throw new TemplateError(`depends_on: the file lists no target ${JSON.stringify(parent)}`)
      return [parent, ...(known.dependsOn ?? [])]
    })
    return all.length === 0 ? target : { ...target, dependsOn: [...new Set(all)] }
  }

  const discovered = sources.map((source): Discovered => {
    const answer = found(source)
    const within = answer?.slice(0, source.limit) ?? []
    const problems: string[] = []
    const before = targets.length
    for (const labels of within) {
      try {
        const target = make(source, labels)
        names.add(target.name)
        targets.push(target)
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error
        problems.push(`${shownName(source.template, labels)}: ${error.message}`)
      }
    }
    const beyond = (answer?.length ?? 0) - within.length
    if (beyond > 0) problems.unshift(`${beyond} more than limit: ${source.limit}`)
    const made = targets.length - before
    return {
      source,
      asked: answer !== undefined,
      targets: made,
      skipped: (answer?.length ?? 0) - made,
      problems: problems.slice(0, maxProblems),
    }
  })
  return { targets, discovered }
}

/** Reads a template that was filled; its positions are those of the template. */
function partOf(filled: Mapping, { source, at }: Place, reading: Reading): Part {
  const tree = { value: filled, locate: () => source.tree.locate(at, 'key') }
  return readPart(templateSchema, filled, { source: { file: source.file, tree }, at: [] }, reading)
}

/** What is inherited, with a separate place for what does not fit it: the file itself is sound. */
function quietly(inherited: Inherited): { quiet: Inherited; complaint: () => string | undefined } {
  let last: string | undefined
  const quietPart = (part: Part): Part => ({
    ...part,
    report: (path, message) => {
      last ??= `${formatPath(path)}: ${message.replaceAll(seen, 'the value')}`
    },
  })
  const { defaults, modules, foreign } = inherited
  return {
    quiet: {
      ...(defaults && { defaults: quietPart(defaults) }),
      modules: new Map([...modules].map(([name, part]) => [name, quietPart(part)])),
      foreign: new Map(
        [...foreign].map(([name, module]) => [name, { ...module, part: quietPart(module.part) }]),
      ),
    },
    complaint() {
      const said = last
      last = undefined
      return said
    },
  }
}

/** What tells one of them from another, also where it has no name. */
function shownName(template: Mapping, labels: Labels): string {
  try {
    const name = fillTemplate(template['name'], labels)
    return JSON.stringify(String(name).slice(0, 100))
  } catch (error) {
    const first = Object.values(labels).find((value) => value !== '') ?? messageOf(error)
    return JSON.stringify(first.slice(0, 100))
  }
}
