import { maybe, type ProbeMetric } from '../../metric.ts'
import { containerStates, healthStates } from './schema.ts'

/** The state of a container. */
export const dockerMetrics: readonly ProbeMetric[] = [
  maybe(
    'probe_docker_container_state',
    'Whether the container is in this state',
    ({ result: { docker } }) =>
      docker
        ? containerStates.map((state) => ({ labels: { state }, value: Number(docker.state === state) }))
        : [],
    { labels: ['state'] },
  ),
  maybe(
    'probe_docker_container_health',
    'Whether the health check of the container says this; none without a health check',
    ({ result: { docker } }) =>
      docker
        ? healthStates.map((health) => ({ labels: { health }, value: Number(docker.health === health) }))
        : [],
    { labels: ['health'] },
  ),
  maybe(
    'probe_docker_container_restarts',
    'How often Docker has restarted the container since it was started',
    ({ result: { docker } }) => (docker?.restarts === undefined ? [] : [docker.restarts]),
  ),
  maybe(
    'probe_docker_container_exit_code',
    'Exit code of the container; absent while it runs',
    ({ result: { docker } }) => (docker?.exitCode === undefined ? [] : [docker.exitCode]),
  ),
  maybe(
    'probe_docker_container_oom_killed',
    'Whether the kernel has ended a process of the container, because its memory was used up',
    ({ result: { docker } }) => (docker ? [Number(docker.oomKilled)] : []),
  ),
]
