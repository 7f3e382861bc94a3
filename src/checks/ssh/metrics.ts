import { always, type ProbeMetric } from '../metric.ts'

/** What the server calls itself is not a label: a hostile one could make up a new name each time. */
export const sshMetrics: readonly ProbeMetric[] = [
  always(
    'probe_ssh_identified',
    'Whether the server said that it speaks SSH, whatever its software is',
    ({ result }) => Number(result.ssh?.software !== undefined),
  ),
]
