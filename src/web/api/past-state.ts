import type { StatusSource } from '../status/status.ts'

/** What every answer says about the past that is in it. */
export function pastState(source: Pick<StatusSource, 'history' | 'pendingSince'>) {
  const pendingSince = source.pendingSince()
  return { history: source.history(), ...(pendingSince && { pendingSince }) }
}
