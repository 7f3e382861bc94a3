import type { Incident, IncidentQuery } from './status.ts'

/** Tells incidents apart. */
export function keyOf({ target, startedAt }: Pick<Incident, 'target' | 'startedAt'>): string {
  return `${startedAt.getTime()} ${target}`
}

/** Whether a query asks for an incident. @param only The name of its target. Undefined: any. */
export function isAsked(
  { target, startedAt, endedAt }: Incident,
  { from, to }: Pick<IncidentQuery, 'from' | 'to'>,
  only: string | undefined,
): boolean {
  if (only !== undefined && only !== target) return false
  return !(from && endedAt && endedAt <= from) && !(to && startedAt >= to)
}
