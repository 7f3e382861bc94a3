import { adHocPart, createAdHoc } from './adhoc.ts'
import type { LoadOptions } from './options.ts'
import { inOurWords, type ForeignFormat, type ForeignModule } from '../foreign.ts'
import type { Config } from '../config.ts'
import { checkFormerNames } from '../target/former-names.ts'
import { linkDependencies } from '../target/depends-on.ts'
import { readFile, type FileDraft, type Written } from '../document/document.ts'
import { ConfigError } from '../../settings/errors.ts'
import { isExpectationFile, readExpectationFile } from '../expectations/drafts.ts'
import { Issues, type Place } from '../../settings/issues.ts'
import { uniqueInstances } from '../target/unique-instances.ts'
import { maintenanceSchema, shareMaintenance, type SharedMaintenance } from '../document/maintenance.ts'
import { read, type Part, type Reading } from '../document/parts.ts'
import { fetchDocuments } from '../remote/documents.ts'
import { createDocumentReader } from './documents.ts'
import { isRemote } from '../remote/address.ts'
import { refuseLocal, refuseReferences } from '../remote/restrictions.ts'
import { createRemoteSource } from '../remote/source.ts'
import { formatPath } from '../../settings/path.ts'
import { askOnce } from '../discovery/ask-once.ts'
import { readSource, type DiscoverySource } from '../discovery/source.ts'
import { discoverTargets } from './discovered.ts'
import { resolveDraft, type Inherited } from './draft.ts'
import { fromLibrary, isLibrarySource, type FromLibrary } from './from-library.ts'
import { isSpecificationSource, targetsOfSpecifications } from './from-specification.ts'
import { resolveTarget } from './resolve.ts'
import { originsOf, placesOf, type Parts } from './origins.ts'
import { probeSchema } from '../document/schema.ts'
import { createExpander } from '../../settings/secrets.ts'
import { readFiles } from './read-files.ts'
import type { Sources } from '../../settings/sources.ts'
import { uniqueNames, type Once } from './unique-names.ts'
import { readVendors } from './vendors.ts'
import { readPublicPages } from './web.ts'
import { parseYamlInPieces, PieceCache } from '../../settings/yaml/pieces.ts'

/**
 * Loads a configuration from a file, from the files of a directory, or from a URL.
 *
 * @throws {@link ConfigError} `CONFIG_INVALID` with everything that is wrong, in the order of the file. ProbityError
 *   `SOURCE_UNREACHABLE` where a source is asked in vain.
 */
export async function loadConfig(path: string, options: LoadOptions): Promise<Config> {
  const { remote = {}, discover = false } = options
  const read = isRemote(path) ? await createRemoteSource(path, remote).read() : await readFiles(path)
  const make = isRemote(path) ? parseRemoteConfig : parseConfig
  const first = make(read, options)
  const missing = options.documents ? undefined : first.documents
  const all = missing ? { ...options, documents: await fetchDocuments(missing) } : options
  const config = missing ? make(read, all) : first
  if (!discover || !config.discovered) return config
  const found = await askOnce(config.discovered.map(({ source }) => source))
  return make(read, { ...all, found })
}

/**
 * Makes a configuration of what was read from a URL: it may not reach into this machine.
 *
 * @throws {@link ConfigError}
 */
export function parseRemoteConfig(read: Sources, options: LoadOptions): Config {
  const { allowEnv = [] } = options.remote ?? {}
  return parse(read, options, { refuse: refuseReferences(allowEnv), check: refuseLocal })
}

/**
 * Makes a configuration of what was read.
 *
 * @throws {@link ConfigError}
 */
export function parseConfig(read: Sources, options: LoadOptions): Config {
  return parse(read, options, {})
}

/** What a configuration may not have. */
interface Restrictions {
  readonly refuse?: ReturnType<typeof refuseReferences>
  readonly check?: typeof refuseLocal
}

function parse(read: Sources, options: LoadOptions, { refuse, check }: Restrictions): Config {
  const reader = createDocumentReader(options.documents ?? (() => undefined))
  const expander = createExpander({
    ...options,
    directory: read.directory,
    readUrl: reader.readUrl,
    ...(refuse && { refuse }),
  })
  const issues = new Issues(
    read.sources.map(({ file }) => file),
    expander,
  )
  const { pieces = new PieceCache(), foreign = [], channels, origins = false } = options
  const reading: Reading = { issues, expander, origins, ...(channels && { channels }) }
  const drafts = read.sources.flatMap((source) => {
    if (isExpectationFile(source.file)) return [readExpectationFile(source, reading)]
    const { file, text } = source
    const { tree, problems } = parseYamlInPieces(text, pieces)
    for (const { path, ...problem } of problems) issues.addRaw({ file, ...problem, path: formatPath(path) })
    const ours = tree && inOurWords('asTargets', { file, tree }, foreign, reading)
    if (ours === undefined) return []
    const parsed = { file, tree: ours }
    check?.(parsed, issues)
    return [readFile(parsed, reading)]
  })
  pieces.sweep()
  const library = fromLibrary(drafts, check ? undefined : read.directory, reading)
  const config = assemble(drafts, library, reading, read, options)
  const files = [...read.files, ...config.files, ...expander.files]
  // What is wrong may be wrong for want of what has to be asked for: it is made once more with that.
  if (!issues.empty && reader.isComplete()) throw new ConfigError(issues.sorted(), files)
  if (reader.urls.size === 0) return { ...config, files }
  return { ...config, files, documents: [...reader.urls], texts: [...(config.texts ?? []), ...reader.texts] }
}

function assemble(
  drafts: readonly FileDraft[],
  library: FromLibrary,
  reading: Reading,
  { sources, directory }: Sources,
  { foreign: formats = [], found = () => undefined }: LoadOptions,
): Config {
  const { issues } = reading
  const [first] = sources
  if (issues.empty && first !== undefined && !drafts.some(({ listsTargets }) => listsTargets)) {
    const message = 'has no targets: write targets: and below it a line such as - https://example.com'
    issues.addRaw({ file: first.file, line: 1, column: 1, path: '', message })
  }
  const once = uniqueNames(issues)
  const defaults = drafts.flatMap((draft) => draft.defaults ?? [])
  for (const { place } of defaults) once('defaults', place, 'defaults are')
  const modules = new Map(
    drafts
      .flatMap((draft) => draft.modules)
      .filter(({ name, place }) => once(`module ${name}`, place, `module ${JSON.stringify(name)} is`))
      .map(({ name, part }) => [name, part]),
  )
  const { foreign, files, texts } = readForeign(drafts, reading, directory, modules, formats)
  const base = defaults[0]?.part
  for (const part of modules.values()) checkModule(base ? [base, part] : [part], reading)
  const inherited: Inherited = { modules, foreign, ...(base && { defaults: base }) }
  const resolved = [
    ...drafts.flatMap(({ targets }) => targets),
    ...targetsOfSpecifications(drafts, reading),
    ...library.targets,
  ].map((draft) => {
    const { name, place, short } = draft
    const nameAt: Place = short ? place : { ...place, at: [...place.at, 'name'] }
    if (name !== undefined) once(`target ${name}`, nameAt, `a target of this name is`)
    return resolveDraft(draft, inherited, reading)
  })
  checkFormerNames(resolved.flatMap(({ renamed }) => renamed ?? []))
  const linked = linkDependencies(resolved.flatMap(({ dependent }) => dependent ?? []))
  const discoverySources = readSources(drafts, directory, reading, once)
  const taken = new Set(
    resolved.flatMap(({ renamed }) => (renamed ? [renamed.name, ...(renamed.was ?? [])] : [])),
  )
  const more = discoverTargets(discoverySources, found, linked, taken, inherited, reading)
  // What is discovered comes and goes, so that any name may be that of one.
  const isComplete = discoverySources.length === 0
  const listed = shareMaintenance(
    uniqueInstances([...linked, ...more.targets]),
    readMaintenance(drafts, reading),
    isComplete,
  )
  const byName = new Map(listed.map((target) => [target.name, target]))
  const probes = drafts.flatMap((draft) => draft.probe ?? [])
  for (const { place } of probes) once('probe', place, 'probe is')
  const webs = drafts.flatMap((draft) => draft.web ?? [])
  for (const { place } of webs) once('web', place, 'web is')
  const publicPages = webs[0] && readPublicPages(webs[0], isComplete ? byName : undefined, reading)
  return {
    targets: listed.filter(({ paused }) => !paused),
    listed,
    callTargets: resolved.flatMap(({ callTarget }) => callTarget ?? []),
    target: (name) => byName.get(name),
    vendors: readVendors(drafts, { once, library: library.vendors, targets: listed }, reading),
    probe: readProbe(probes[0], reading),
    ...(publicPages && { publicPages }),
    moduleNames: [...modules.keys(), ...foreign.keys()],
    notices: drafts.flatMap(({ notices }) => notices ?? []),
    unusableModules: new Map(
      [...foreign].flatMap(([name, { refusal }]) => (refusal === undefined ? [] : [[name, refusal]])),
    ),
    adHoc: createAdHoc(base, modules, foreign, reading.expander),
    ...(reading.origins && whereWritten(resolved.flatMap(({ written }) => written ?? []))),
    files: [...files, ...library.files],
    texts: [
      ...texts,
      ...library.texts,
      ...discoverySources.map((source) => JSON.stringify(found(source) ?? null)),
      // Its name says what it contains.
      ...(publicPages ?? []).flatMap(({ logo }) => logo?.name ?? []),
    ],
    ...(more.discovered.length > 0 && { discovered: more.discovered }),
  }
}

function whereWritten(all: readonly Parts[]): Pick<Config, 'originOf' | 'placeOf'> {
  return { originOf: originsOf(all), placeOf: placesOf(all) }
}

/** The entries of `targets_from:`. */
function readSources(
  drafts: readonly FileDraft[],
  directory: string,
  reading: Reading,
  once: Once,
): DiscoverySource[] {
  return drafts
    .flatMap(({ targetsFrom }) => targetsFrom ?? [])
    .flatMap(({ value, place }) => {
      if (isSpecificationSource(value) || isLibrarySource(value)) return []
      const source = readSource(value, place, { directory }, reading)
      const isNew =
        source && once(`source ${source.name}`, place, `a source named ${JSON.stringify(source.name)} is`)
      return isNew ? [source] : []
    })
}

/** The modules of other programs' files, and these files. */
function readForeign(
  drafts: readonly FileDraft[],
  reading: Reading,
  directory: string,
  modules: ReadonlyMap<string, Part>,
  formats: readonly ForeignFormat[],
): { readonly foreign: Map<string, ForeignModule>; readonly files: string[]; readonly texts: string[] } {
  const foreign = new Map<string, ForeignModule>()
  const files: string[] = []
  const texts: string[] = []
  for (const written of drafts.flatMap(({ modulesFrom }) => modulesFrom ?? [])) {
    const found = formats.map((format) => format.readModules?.(written, directory, reading))
    files.push(...found.flatMap((one) => one?.files ?? []))
    texts.push(...found.flatMap((one) => one?.texts ?? []))
    for (const module of found.flatMap((one) => one?.modules ?? [])) {
      const { name, place } = module
      const before = modules.has(name) ? 'in modules:' : foreign.get(name)?.place
      if (before === undefined) foreign.set(name, module)
      else
        reading.issues.add(
          written.place,
          [],
          'value',
          `module ${JSON.stringify(name)} at ${place} is already there: ${before}`,
        )
    }
  }
  return { foreign, files, texts }
}

/** A module that no target uses yet is used by the next one, or by a URL that is not configured. */
function checkModule(parts: readonly Part[], { expander }: Reading): void {
  const url = 'http://localhost/'
  resolveTarget(url, [...parts, adHocPart(new URL(url), url, parts)], expander)
}

function readMaintenance(drafts: readonly FileDraft[], reading: Reading): SharedMaintenance[] {
  return drafts
    .flatMap((draft) => draft.maintenance ?? [])
    .flatMap(({ value: written, place }) => {
      const { value } = read(maintenanceSchema, written, place, reading)
      const report: SharedMaintenance['report'] = (path, message) => {
        reading.issues.add(place, path, 'value', message)
      }
      return value === undefined ? [] : [{ value, report }]
    })
}

function readProbe(written: Written | undefined, reading: Reading): Config['probe'] {
  if (written === undefined) return { allow: [], allowNetworks: [] }
  const { value = {} } = read(probeSchema, written.value, written.place, reading)
  return { allow: value.allow ?? [], allowNetworks: value.allow_networks ?? [] }
}
