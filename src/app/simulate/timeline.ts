import type { Told } from '../../alerts/replay/told.ts'

/** Which alerts about a target fired during one step of a timeline. */
export type Cell = 'nothing' | 'other' | 'down'

export interface TimelineRow {
  readonly target: string
  readonly cells: readonly Cell[]
}

/** The targets that an alert was about, by name, each with steps of equal length. Times are unix seconds. */
export function timeline(
  told: readonly Told[],
  { from, to, steps }: { from: number; to: number; steps: number },
): TimelineRow[] {
  const targets = [...new Set(told.flatMap(({ target }) => target ?? []))].sort()
  const step = (to - from) / steps
  return targets.map((target) => {
    const own = told.filter((one) => one.target === target)
    const cells = Array.from({ length: steps }, (_none, index) => {
      const [starts, ends] = [from + index * step, from + (index + 1) * step]
      const here = own.filter(({ beganAt, endedAt = to }) => beganAt < ends && endedAt > starts)
      if (here.length === 0) return 'nothing'
      return here.some(({ alertname }) => alertname === 'TargetDown') ? 'down' : 'other'
    })
    return { target, cells }
  })
}
