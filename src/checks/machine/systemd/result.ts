import type { Fact } from '../../fact.ts'
import type { ProbeResult } from '../../result.ts'

/** The state of a unit. */
export interface SystemdResult {
  /** Such as `active` or `failed`. */
  readonly activeState: string
  /** What that means for its type, such as `running`, `auto-restart` or `waiting`; may be empty. */
  readonly subState: string
  /** How it last ended: `success`, `exit-code`, `oom-kill` and others; absent where its type has none. */
  readonly result?: string | undefined
  /** Automatic restarts since somebody last started it; of services alone. */
  readonly restarts?: number
  /** The exit code of its main process, or the number of the signal that ended it; of services alone. */
  readonly exitStatus?: number
}

declare module '../../result.ts' {
  interface Findings {
    readonly systemd?: SystemdResult
  }
}

/** In which state the unit is, and how often it was restarted. */
export function systemdFacts({ systemd }: ProbeResult): Fact[] {
  if (!systemd) return []
  const { restarts } = systemd
  return [
    { label: 'state', value: stateOf(systemd) },
    ...(restarts === undefined ? [] : [{ label: 'restarts', value: String(restarts) }]),
  ]
}

/** Such as `failed (failed, exit-code, status 1)`. */
export function stateOf({ activeState, subState, result, exitStatus }: SystemdResult): string {
  const ended = result === undefined || result === '' || result === 'success' ? [] : [result]
  const status = ended.length > 0 && exitStatus !== undefined ? [`status ${exitStatus}`] : []
  const more = [...(subState === '' ? [] : [subState]), ...ended, ...status]
  return more.length === 0 ? activeState : `${activeState} (${more.join(', ')})`
}
