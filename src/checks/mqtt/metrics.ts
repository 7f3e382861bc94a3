import { always, type ProbeMetric } from '../metric.ts'

/** Whether the broker is there and lets Probity in: a message that is missing is another problem. */
export const mqttMetrics: readonly ProbeMetric[] = [
  always('probe_mqtt_accepted', 'Whether the broker accepted the session', ({ result }) =>
    Number(result.mqtt?.accepted ?? false),
  ),
]
