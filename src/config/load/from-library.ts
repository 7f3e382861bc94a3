import { notReplaced } from '../../settings/merge.ts'
import type { Place } from '../../settings/issues.ts'
import { formatPath } from '../../settings/path.ts'
import { reasonOf } from '../../settings/secrets.ts'
import { didYouMean } from '../../settings/values/closest.ts'
import { kindOf, seen } from '../../settings/values/value.ts'
import { parseYaml } from '../../settings/yaml/yaml.ts'
import { librarySource } from '../discovery/schema.ts'
import { readFile, type FileDraft, type TargetDraft } from '../document/document.ts'
import { isMapping, read, type Mapping, type Part, type Reading } from '../document/parts.ts'
import { createModuleFiles, type ModuleFiles } from './library-files.ts'
import { readTemplatePart, withoutOtherSources } from './template-part.ts'

/** What a module may have: the rest of a configuration is the user's. */
const keysOfModule: ReadonlySet<string> = new Set(['vendors', 'targets'])

/** What stands for the name that a target has in its module. */
const placeholder = '{name}'

/** What the modules give that `targets_from:` names. */
export interface FromLibrary {
  readonly targets: readonly TargetDraft[]
  readonly vendors: FileDraft['vendors']
  /** Absolute. */
  readonly files: readonly string[]
  /** What they say. */
  readonly texts: readonly string[]
}

/** Whether an entry of `targets_from:` names modules of the library. */
export function isLibrarySource(written: unknown): written is Mapping {
  return isMapping(written) && Object.hasOwn(written, 'library')
}

/**
 * Makes targets of the modules of the library under `targets_from:`. They are there when the configuration is loaded, like
 * targets that are listed; the template is first in rank. What is wrong is reported.
 *
 * @param directory The folder of the configuration, whose own modules count first. Absent: only those of this installation.
 */
export function fromLibrary(
  drafts: readonly FileDraft[],
  directory: string | undefined,
  reading: Reading,
): FromLibrary {
  const modules = createModuleFiles(directory)
  const texts: string[] = []
  const entries = drafts
    .flatMap(({ targetsFrom = [] }) => targetsFrom)
    .flatMap(({ value, place }) =>
      isLibrarySource(value) ? [readEntry(value, place, { modules, texts }, reading)] : [],
    )
  return {
    targets: entries.flatMap(({ targets }) => targets),
    vendors: entries.flatMap(({ vendors }) => vendors),
    files: [...modules.files],
    texts,
  }
}

type Found = Pick<FromLibrary, 'targets' | 'vendors'>

const nothing: Found = { targets: [], vendors: [] }

interface Library {
  readonly modules: ModuleFiles
  /** Collects what was read. */
  readonly texts: string[]
}

function readEntry(written: Mapping, place: Place, library: Library, reading: Reading): Found {
  const { issues } = reading
  const { template = {}, ...rest } = written
  const own = withoutOtherSources(rest, 'library', librarySource.shape, place, reading)
  const { value } = read(librarySource, own, place, reading)
  if (!isMapping(template)) {
    const message = `expected the keys of a target, such as interval:, got ${kindOf(template)}`
    issues.add(place, ['template'], 'value', message)
    return nothing
  }
  const { name: pattern, ...replacing } = template
  const drafts = (value?.library ?? []).flatMap((name, index) => {
    const at = Array.isArray(own['library']) ? ['library', index] : ['library']
    const report = (message: string): void => {
      issues.add(place, at, 'value', message)
    }
    return readModule(name, replacing, report, library, reading) ?? []
  })
  const all = drafts.flatMap(({ targets }) => targets)
  const isNamed = typeof pattern !== 'string' || pattern.includes(placeholder) || all.length < 2
  if (!isNamed) {
    const message = `its name needs ${placeholder}, which differs from target to target`
    issues.add(place, ['template', 'name'], 'value', message)
    return nothing
  }
  return {
    targets: all.map((target) => withTemplate(target, template, place, reading)),
    vendors: drafts.flatMap(({ vendors }) => vendors),
  }
}

/** @returns Nothing where there is none, or none that can be read. */
function readModule(
  name: string,
  replacing: Mapping,
  report: (message: string) => void,
  { modules, texts }: Library,
  reading: Reading,
): FileDraft | undefined {
  let found: ReturnType<ModuleFiles['read']>
  try {
    found = modules.read(name)
  } catch (error) {
    report(`module ${seen} of the library cannot be read: ${reasonOf(error)}`)
    return undefined
  }
  if (!found) {
    const meant = didYouMean(name, modules.names())
    report(`the library has no module ${seen}${meant}: docs/library.md lists them`)
    return undefined
  }
  const { file, text } = found
  texts.push(text)
  const { issues } = reading
  const { tree, problems } = parseYaml(text)
  for (const { path, ...problem } of problems) issues.addRaw({ file, ...problem, path: formatPath(path) })
  if (!tree) return undefined
  const { value } = tree
  const keys = isMapping(value) ? Object.keys(value) : []
  for (const key of keys.filter((each) => !keysOfModule.has(each) && !each.startsWith('x-')))
    issues.add(
      { source: { file, tree }, at: [] },
      [key],
      'key',
      'does not belong in a module of the library, which has only vendors: and targets:',
    )
  return readFile({ file, tree: { ...tree, value: withoutReplaced(value, replacing) } }, reading)
}

/** What the template replaces is not read, so that a variable of the environment that only it needs may be missing. */
function withoutReplaced(module: unknown, replacing: Mapping): unknown {
  if (!isMapping(module) || !Array.isArray(module['targets'])) return module
  const targets = module['targets'].map((target: unknown) =>
    isMapping(target) ? notReplaced(target, replacing) : target,
  )
  return { ...module, targets }
}

function withTemplate(draft: TargetDraft, template: Mapping, place: Place, reading: Reading): TargetDraft {
  const { name = '', parts } = draft
  const { name: pattern = placeholder } = template
  const named = { ...template, name: String(pattern).replaceAll(placeholder, () => name) }
  const own = readTemplatePart(named, place, reading)
  return { place, name: own.settings.name, short: false, parts: [...parts, above(own, parts)] }
}

/** The part of the template speaks for what is below it, too: it is asked what is checked. */
function above(own: Part, parts: readonly Part[]): Part {
  return {
    ...own,
    has: (key) => own.has(key) || parts.some((part) => part.has(key)),
    report: (path, message) => {
      const [key = ''] = path
      const part = own.has(String(key)) ? own : (parts.findLast((each) => each.has(String(key))) ?? own)
      part.report(path, message)
    },
  }
}
