import { RE2JS } from 're2js'
import { describeOperations, type DescribedOperation } from '../../checks/http/openapi/requests.ts'
import { didYouMean } from '../../settings/values/closest.ts'
import type { Place } from '../../settings/issues.ts'
import { escapeExpansions, NotFetchedError } from '../../settings/secrets.ts'
import { kindOf, ValueError } from '../../settings/values/value.ts'
import { specificationSource } from '../discovery/schema.ts'
import type { FileDraft, TargetDraft } from '../document/document.ts'
import { isMapping, read, type Mapping, type Reading } from '../document/parts.ts'
import { readTemplatePart, withoutOtherSources } from './template-part.ts'

/** What comes from the specification, whatever the template says. */
const given = ['url', 'method', 'calls']

/** Whether an entry of `targets_from:` names a specification. */
export function isSpecificationSource(written: unknown): written is Mapping {
  return isMapping(written) && Object.hasOwn(written, 'openapi')
}

/**
 * Makes targets of the operations of the specifications under `targets_from:`. They are there when the configuration is loaded,
 * like targets that are listed. What is wrong is reported.
 */
export function targetsOfSpecifications(drafts: readonly FileDraft[], reading: Reading): TargetDraft[] {
  return drafts
    .flatMap(({ targetsFrom = [] }) => targetsFrom)
    .flatMap(({ value, place }) => (isSpecificationSource(value) ? readEntry(value, place, reading) : []))
}

function readEntry(written: Mapping, place: Place, reading: Reading): TargetDraft[] {
  const { issues, expander } = reading
  const { template = {}, ...rest } = written
  const own = withoutOtherSources(rest, 'openapi', specificationSource.shape, place, reading)
  const { value } = read(specificationSource, own, place, reading)
  if (!isTemplateSound(template, place, reading) || !value || value.openapi === undefined) return []
  if (value.base_url === undefined) {
    if (!Object.hasOwn(own, 'base_url'))
      issues.add(
        place,
        [],
        'value',
        'has no base_url: write the URL to which the paths of the specification are added; its servers are not used',
      )
    return []
  }
  let operations: readonly DescribedOperation[]
  try {
    operations = describeOperations(value.openapi, expander.readText)
  } catch (error) {
    // All of it is made again when it is there.
    if (error instanceof NotFetchedError) return []
    if (!(error instanceof ValueError)) throw error
    issues.add(place, ['openapi'], 'value', error.message)
    return []
  }
  const ids = operations.map(({ id }) => id)
  const { skip = [] } = value
  for (const [index, id] of skip.entries()) {
    if (ids.includes(id)) continue
    const where = Array.isArray(own['skip']) ? ['skip', index] : ['skip']
    issues.add(place, where, 'value', `the specification has no operation ${id}${didYouMean(id, ids)}`)
  }
  const host = value.base_url
  const base = String(own['base_url']).replace(/\/$/, '')
  const file = String(own['openapi'])
  return operations
    .filter(({ id }) => !skip.includes(id))
    .map((operation) => toDraft(targetOf(operation, template, { file, base, host }), place, reading))
}

function isTemplateSound(template: unknown, place: Place, { issues }: Reading): template is Mapping {
  if (!isMapping(template)) {
    issues.add(
      place,
      ['template'],
      'value',
      `expected the keys of a target, such as interval:, got ${kindOf(template)}`,
    )
    return false
  }
  const taken = given.filter((key) => Object.hasOwn(template, key))
  for (const key of taken)
    issues.add(place, ['template', key], 'key', 'comes from the specification: remove it')
  const { name } = template
  const isNamed = name === undefined || (typeof name === 'string' && name.includes('{operation}'))
  if (!isNamed)
    issues.add(
      place,
      ['template', 'name'],
      'value',
      'its name needs {operation}, which differs from target to target',
    )
  return taken.length === 0 && isNamed
}

interface Origin {
  /** The specification and the base URL, as they are written: with their `${...}`. */
  readonly file: string
  readonly base: string
  readonly host: URL
}

/** A target in the words of a file. */
function targetOf(
  { id, method, path, request }: DescribedOperation,
  template: Mapping,
  { file, base, host }: Origin,
): Mapping {
  const { name = '{operation}', headers, expect, ...others } = template
  const operation = escapeExpansions(id)
  const prefix = host.pathname.replace(/\/$/, '')
  const all = { ...escaped(request?.headers ?? {}), ...(isMapping(headers) && headers) }
  return {
    ...others,
    name: String(name).replaceAll('{operation}', () => operation),
    ...(request && {
      url: base + escapeExpansions(request.path),
      ...(method !== 'GET' && { method }),
      ...(Object.keys(all).length > 0 && { headers: all }),
    }),
    expect: { ...(isMapping(expect) ? expect : undefined), openapi: `${file}#${operation}` },
    calls: {
      method: `^${method}$`,
      host: escapeExpansions(`^${RE2JS.quote(host.hostname)}$`),
      path: escapeExpansions(`^${pathPattern(prefix + path)}$`),
      // Many operations are called by hand, or once a week.
      missing: 'off',
    },
  }
}

/** Matches the paths of a template, and the template itself: programs report either. */
function pathPattern(template: string): string {
  return template
    .split(/(\{[^{}]*\})/)
    .map((part) => (part.startsWith('{') ? '[^/]+' : RE2JS.quote(part)))
    .join('')
}

function escaped(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, escapeExpansions(value)]))
}

function toDraft(written: Mapping, place: Place, reading: Reading): TargetDraft {
  const part = readTemplatePart(written, place, reading)
  return { place, name: part.settings.name, short: false, parts: [part] }
}
