import { defineKind } from '../kind.ts'
import { networkMetrics } from '../shared/metrics/network.ts'
import { tlsMetrics } from '../shared/metrics/tls.ts'
import { mqttMetrics } from './metrics.ts'
import { mqttFacts } from './result.ts'
import { mqttSchema } from './schema.ts'

/** `mqtt:` */
export const mqttKind = defineKind(mqttSchema, {
  kind: 'mqtt',
  summary: 'a session with an MQTT broker, and a message of a topic',
  triedAgainst: 'Mosquitto',
  limits: 'messages of 512 KiB',
  inBlackbox: false,
  metrics: [...networkMetrics, ...mqttMetrics, ...tlsMetrics],
  facts: mqttFacts,
  probe: async () => (await import('./probe.ts')).probeMqtt,
  standsAlone: () => true,
})
