import { always, type ProbeMetric } from '../metric.ts'

/** Whether anything came back: a wrong answer is another problem than none. */
export const udpMetrics: readonly ProbeMetric[] = [
  always('probe_udp_answered', 'Whether there was an answer, whatever it says', ({ result }) =>
    Number(result.udp?.bytes !== undefined),
  ),
]
