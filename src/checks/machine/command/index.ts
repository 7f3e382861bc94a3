import { defineKind } from '../../kind.ts'
import { commandMetrics } from './metrics.ts'
import { commandFacts } from './result.ts'
import { commandSchema } from './schema.ts'

/** `command:` */
export const commandKind = defineKind(commandSchema, {
  kind: 'command',
  summary: 'the exit code of a program',
  triedAgainst: '`/bin/sh`',
  limits: '50 at a time, 16 KiB of output kept',
  inBlackbox: false,
  metrics: [...commandMetrics],
  facts: commandFacts,
  probe: async () => (await import('./probe.ts')).probeCommand,
})
