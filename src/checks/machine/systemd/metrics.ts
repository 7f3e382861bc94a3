import { maybe, type ProbeMetric } from '../../metric.ts'
import { activeStates } from './schema.ts'

/** The state of a unit, as node_exporter has it. */
export const systemdMetrics: readonly ProbeMetric[] = [
  maybe(
    'probe_systemd_unit_state',
    'Whether the unit is in this state (ActiveState)',
    ({ result: { systemd } }) =>
      systemd
        ? activeStates.map((state) => ({
            labels: { state },
            value: Number(systemd.activeState === state),
          }))
        : [],
    { labels: ['state'] },
  ),
  maybe(
    'probe_systemd_unit_restarts',
    'How often systemd has restarted the service since somebody last started it',
    ({ result: { systemd } }) => (systemd?.restarts === undefined ? [] : [systemd.restarts]),
  ),
]
