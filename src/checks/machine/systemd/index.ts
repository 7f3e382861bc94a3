import { defineKind } from '../../kind.ts'
import { systemdMetrics } from './metrics.ts'
import { systemdFacts } from './result.ts'
import { systemdSchema } from './schema.ts'

/** `systemd:` */
export const systemdKind = defineKind(systemdSchema, {
  kind: 'systemd',
  summary: 'the state of a systemd unit of this machine',
  triedAgainst: 'systemctl 252 without systemd; otherwise a program with the documented output',
  limits: '10 at a time, 16 KiB of output',
  inBlackbox: false,
  metrics: [...systemdMetrics],
  facts: systemdFacts,
  probe: async () => (await import('./probe.ts')).probeSystemd,
})
