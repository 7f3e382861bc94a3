import type { Fact } from '../../fact.ts'
import type { ProbeResult } from '../../result.ts'

/** The state of a container. */
export interface DockerResult {
  /** Such as `running` or `exited`. */
  readonly state: string
  /** `none` without a health check. */
  readonly health: string
  /** Restarts by Docker since it was started; absent where the API does not say. */
  readonly restarts?: number
  /** Of its last run; absent while it runs. */
  readonly exitCode?: number
  /** Whether the kernel has ended a process of it, because its memory was used up. */
  readonly oomKilled: boolean
}

declare module '../../result.ts' {
  interface Findings {
    readonly docker?: DockerResult
  }
}

/** In which state the container is, how it feels, and how often it was restarted. */
export function dockerFacts({ docker }: ProbeResult): Fact[] {
  if (!docker) return []
  const { health, restarts } = docker
  return [
    { label: 'state', value: stateOf(docker) },
    ...(health === 'none' ? [] : [{ label: 'health', value: health }]),
    ...(restarts === undefined ? [] : [{ label: 'restarts', value: String(restarts) }]),
  ]
}

/** Such as `exited (exit code 137, out of memory)`. */
export function stateOf({ state, exitCode, oomKilled }: DockerResult): string {
  const more = [
    ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
    ...(oomKilled ? ['out of memory'] : []),
  ]
  return more.length === 0 ? state : `${state} (${more.join(', ')})`
}
