import { createHash } from 'node:crypto'
import type { Place } from '../../settings/issues.ts'
import { didYouMean } from '../../settings/values/closest.ts'
import { kindOf } from '../../settings/values/value.ts'
import { hasCheck, kindProblem } from '../load/resolve.ts'
import { isMapping, read, readPart, type Mapping, type Reading } from '../document/parts.ts'
import { templateSchema } from '../document/schema.ts'
import { localPaths } from '../remote/restrictions.ts'
import type { Labels, OpenedSource, SourceKind, Surroundings } from './kind.ts'
import { sourceKinds } from './kinds.ts'
import { librarySource, sourceSchema, specificationSource } from './schema.ts'
import { hasFixedHost, hasPlaceholder, labelsIn } from './template.ts'

/** One entry of `targets_from:`. */
export interface DiscoverySource {
  /** Unique among all sources. */
  readonly name: string
  /** Of what is asked for: two sources with the same one get the same answers. */
  readonly id: string
  /** Seconds between two requests. */
  readonly poll: number
  /** How many targets it may give. */
  readonly limit: number
  /** What each of its targets is made of. */
  readonly template: Mapping
  /** Where the template is written. */
  readonly place: Place
  /** The networks of this machine that its targets may reach; absent where no label decides which host that is. */
  readonly allowNetworks?: readonly string[]
  /** Each once, with the labels that the template uses, in an order that does not depend on the answer's. */
  readonly ask: OpenedSource['ask']
}

/** Reads an entry of `targets_from:`. What is wrong is reported. */
export function readSource(
  written: unknown,
  place: Place,
  surroundings: Surroundings,
  reading: Reading,
): DiscoverySource | undefined {
  const { issues } = reading
  if (!isMapping(written)) {
    issues.add(
      place,
      [],
      'value',
      `expected a mapping with ${someKeys} and template:, got ${kindOf(written)}`,
    )
    return undefined
  }
  const { template, ...rest } = written
  const kind = chosenKind(rest, place, reading)
  const { value } = read(sourceSchema, rest, place, reading)
  const isSound = isTemplateSound(template, place, reading)
  if (!value || !kind || !isMapping(template) || !isSound) return undefined
  const settings = value as Readonly<Record<string, unknown>>
  if (settings[kind.key] === undefined) return undefined
  const { name, poll = 60, limit = 1000, allow_networks: allowNetworks = [] } = value
  const opened = kind.open(settings, surroundings)
  const uses = [...labelsIn(template)].sort()
  const own = Object.keys(kind.shape).map((key) => [key, settings[key]])
  return {
    name: name ?? `${kind.key} ${opened.shown}`,
    id: createHash('sha256')
      .update(JSON.stringify([own, uses]))
      .digest('hex'),
    poll,
    limit,
    template,
    place: { ...place, at: [...place.at, 'template'] },
    ...(!hasFixedHost(template) && { allowNetworks }),
    ask: async (signal) => onlyWhatIsUsed(await opened.ask(signal), uses),
  }
}

const sourceKeys = [...sourceKinds.map(({ key }) => key), 'openapi', 'library']

const someKeys = sourceKeys
  .map((key) => `${key}:`)
  .join(', ')
  .replace(/, (?=[^,]*$)/, ' or ')

function chosenKind(written: Mapping, place: Place, { issues }: Reading): SourceKind | undefined {
  const [chosen, ...others] = sourceKinds.filter(({ key }) => Object.hasOwn(written, key))
  if (!chosen) {
    const meant = didYouMean(Object.keys(written)[0] ?? '', sourceKeys)
    issues.add(place, [], 'value', `has no source: expected one of ${someKeys}${meant}`)
    return undefined
  }
  if (others.length > 0) {
    const keys = [chosen, ...others].map(({ key }) => key).join(', ')
    issues.add(place, [], 'value', `has more than one source: keep one of ${keys}`)
  }
  for (const key of Object.keys(written)) {
    const isOfOther = sourceKinds.some(
      (kind) => kind !== chosen && !others.includes(kind) && key in kind.shape,
    )
    const isReadAtLoad = key in specificationSource.shape || key in librarySource.shape
    if ((isOfOther || isReadAtLoad) && !(key in chosen.shape))
      issues.add(place, [key], 'key', `has no effect with ${chosen.key}: remove it`)
  }
  return chosen
}

/** Reports what is wrong with a template whatever the labels are. */
function isTemplateSound(template: unknown, { source, at }: Place, reading: Reading): boolean {
  const place: Place = { source, at: [...at, 'template'] }
  const { issues } = reading
  let sound = true
  const report = (path: readonly (string | number)[], part: 'key' | 'value', message: string): void => {
    sound = false
    issues.add(place, path, part, message)
  }
  if (!isMapping(template)) {
    const got = template === undefined ? '' : `, got ${kindOf(template)}`
    report([], 'value', `expected the keys of a target, such as name: and url:, with labels as {label}${got}`)
    return false
  }
  const has = (key: string): boolean => Object.hasOwn(template, key)
  if (!hasPlaceholder(template['name']))
    report(
      has('name') ? ['name'] : [],
      'value',
      'its name needs a label that differs from target to target, such as "{__address__}"',
    )
  const problem = kindProblem(has)
  if (problem !== undefined)
    report([], 'value', hasCheck(has) ? problem : `${problem} "https://{__address__}/"`)
  for (const path of localPaths(template))
    report(path, 'key', 'is refused in a template: write it in a module, or list the target itself')
  const fixed = Object.entries(template).flatMap(([key, value]) => {
    // A key that does not exist is wrong whatever its value is.
    if (!(key in templateSchema.shape)) return [[key, value] as const]
    if (!hasPlaceholder(value)) return [[key, value] as const]
    if (key !== 'labels' || !isMapping(value)) return []
    // Their names are known, whatever their values will be.
    const named = Object.entries(value).map(([name, text]) => [name, hasPlaceholder(text) ? 'text' : text])
    return [[key, Object.fromEntries(named) as Mapping] as const]
  })
  readPart(templateSchema, Object.fromEntries(fixed), place, reading)
  return sound
}

/** What the template does not use may change as it likes, and takes no room. */
function onlyWhatIsUsed(found: readonly Labels[], uses: readonly string[]): Labels[] {
  const once = new Map<string, Labels>()
  for (const labels of found) {
    const used = Object.fromEntries(
      uses.flatMap((name) => (Object.hasOwn(labels, name) ? [[name, labels[name] ?? '']] : [])),
    )
    once.set(JSON.stringify(used), used)
  }
  return [...once].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, labels]) => labels)
}
