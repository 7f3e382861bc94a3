import type { Clock } from '../../lib/time/clock.ts'

export interface ReportedNamesOptions {
  readonly clock: Pick<Clock, 'now'>
  readonly most: number
}

/** Whether a location may report a target of this name. */
export type MayReport = (location: string, name: string) => boolean

const dayMs = 86_400_000

/** Limits how many names a location may report within a day, because each of them takes a place on every page for that long. */
export function limitNames({ clock, most }: ReportedNamesOptions): MayReport {
  const seen = new Map<string, Map<string, number>>()

  return (location, name) => {
    let names = seen.get(location)
    if (!names) seen.set(location, (names = new Map<string, number>()))
    const now = clock.now()
    if (!names.has(name) && names.size >= most) forget(names, now - dayMs)
    if (!names.has(name) && names.size >= most) return false
    // At the end, so that what is first was reported longest ago.
    names.delete(name)
    names.set(name, now)
    return true
  }
}

function forget(names: Map<string, number>, before: number): void {
  for (const [name, at] of names) {
    if (at >= before) return
    names.delete(name)
  }
}
