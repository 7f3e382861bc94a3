import { defineKind } from '../kind.ts'
import { networkMetrics } from '../shared/metrics/network.ts'
import { sshMetrics } from './metrics.ts'
import { sshFacts } from './result.ts'
import { sshSchema } from './schema.ts'

/** `ssh:` */
export const sshKind = defineKind(sshSchema, {
  kind: 'ssh',
  summary: 'the software of an SSH server and the algorithms that it offers',
  triedAgainst: 'OpenSSH',
  limits: '50 lines, a packet of 35 kB',
  inBlackbox: false,
  metrics: [...networkMetrics, ...sshMetrics],
  facts: sshFacts,
  probe: async () => (await import('./probe.ts')).probeSsh,
  standsAlone: () => true,
})
