import type { Issues, Place } from '../../settings/issues.ts'

/** Whether something is there for the first time. */
export type Once = (what: string, place: Place, subject: string) => boolean

/** Reports what is there twice, with the position of the first. */
export function uniqueNames(issues: Issues): Once {
  const places = new Map<string, Place>()
  return (what, place, subject) => {
    const before = places.get(what)
    if (before === undefined) {
      places.set(what, place)
      return true
    }
    const { line, column } = before.source.tree.locate(before.at, 'value')
    issues.add(place, [], 'value', `${subject} already at ${before.source.file}:${line}:${column}`)
    return false
  }
}
