import { stringify } from 'yaml'
import { redact } from '../lib/text/redact.ts'
import { renderProbe } from '../metrics/render.ts'
import type { ProbeLogLine } from '../checks/log.ts'
import type { Observation } from './shared-probes.ts'

/** `debug=true`: what the probe did, its metrics and the configuration in effect; no secret, no body of an answer. */
export function renderDebug(observation: Observation): string {
  const { target, result, log } = observation
  const text = [
    `# Log of the probe of ${target.name}, made at ${result.startedAt.toISOString()}`,
    ...log.lines.map(logLine),
    result.failure ? `failed: ${result.failure.reason}: ${result.failure.message}` : 'succeeded',
    '',
    '# Metrics',
    renderProbe(observation),
    '# Configuration in effect',
    stringify(target.shown),
  ].join('\n')
  return redact(text, target.secrets)
}

function logLine({ at, message, fields }: ProbeLogLine): string {
  const details = Object.entries(fields).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`)
  return `${at.toFixed(3)}s ${message}${details.join('')}`
}
