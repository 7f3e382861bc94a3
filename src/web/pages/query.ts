import type { Filter } from '../shared/match.ts'
import type { TargetStatus } from '../status/status.ts'

/** Characters of a search that are used. */
const maxText = 200

/** The filter in the address; what is missing or not a text filters nothing. */
export function filterOf(query: Readonly<Record<string, unknown>>): Filter {
  const of = (name: string): string => {
    const value = query[name]
    return typeof value === 'string' ? value.trim().slice(0, maxText) : ''
  }
  return { text: of('q'), state: of('state'), label: of('label') }
}

/** What the search looks at, in lower case. */
export function searchText({ name, instance, kind, severity, labels }: TargetStatus): string {
  return [name, instance, kind, severity, ...labelsOf(labels)].join(' ').toLowerCase()
}

/** Each label as the filter names it. */
export function labelsOf(labels: Readonly<Record<string, string>>): string[] {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`)
}
