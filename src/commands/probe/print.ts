import { httpPhases } from '../../net/attempt.ts'
import type { FailureReason } from '../../net/failure.ts'
import { expiryOf, type TlsResult } from '../../net/tls/result.ts'
import type { Target } from '../../config/target/target.ts'
import { redact } from '../../lib/text/redact.ts'
import { oneLine, plural } from '../../lib/text/text.ts'
import { formatMilliseconds } from '../../lib/time/milliseconds.ts'
import { kindOfCheck } from '../../checks/index.ts'
import type { ProbeLogLine } from '../../checks/log.ts'
import { type ProbeResult } from '../../checks/result.ts'
import { retryFacts } from '../../checks/shared/retry.ts'

export interface PrintedProbe {
  readonly target: Target
  readonly result: ProbeResult
  /** What the probe did, step by step; printed where there is any. */
  readonly lines: readonly ProbeLogLine[]
}

/** Columns of what stands before a value. */
const labelWidth = 12
const barWidth = 40
const daySeconds = 86_400

/** One probe for a person: verdict, what was seen, phases as a bar, certificate. */
export function printProbe({ target, result, lines }: PrintedProbe): string {
  const verdict = result.success ? '✓ as expected' : '✗ not as expected'
  // A heartbeat is judged at once.
  const took = target.check.kind === 'heartbeat' ? '' : `  ${formatMilliseconds(result.durationSeconds)}`
  const text = [
    `${target.name}  ${verdict}${took}`,
    ...(target.instance === target.name ? [] : [`  ${target.instance}`]),
    ...(result.failure ? [`  ${result.failure.reason}: ${result.failure.message}`] : []),
    '',
    ...facts(target, result),
    ...latency(target, result),
    ...phases(result),
    ...(result.tls
      ? certificate(result.tls, result.startedAt.getTime() / 1000, target.expect.minCertificate)
      : []),
    ...lines.map(({ at, message, fields }) => `  ${at.toFixed(3)}s ${message} ${JSON.stringify(fields)}`),
  ].join('\n')
  return `${redact(text, target.secrets).trimEnd()}\n`
}

/** The same as JSON, for programs. Times are ISO 8601, durations are seconds. */
export function printProbeJson({ target, result, lines }: PrintedProbe): string {
  const value = {
    target: target.name,
    instance: target.instance,
    ...result,
    ...(lines.length > 0 && { log: lines }),
  }
  return `${redact(JSON.stringify(value, undefined, 2), target.secrets)}\n`
}

/** What the kind of the check has to say about it, a line each. */
function facts({ check, secrets }: Target, result: ProbeResult): string[] {
  const all = [...kindOfCheck(check).facts(result), ...retryFacts(result)]
  const width = Math.max(labelWidth, ...all.map(({ label }) => label.length))
  return all.map(({ label, value }) => `  ${label.padEnd(width)} ${oneLine(redact(value, secrets))}`)
}

/** A refusal is quick: there is nothing to compare. */
const refusals: ReadonlySet<FailureReason | undefined> = new Set([
  'dns',
  'connect',
  'tls',
  'certificate',
  'command',
  'blocked',
  'internal',
])

function latency({ expect }: Target, { durationSeconds, failure }: ProbeResult): string[] {
  if (!Number.isFinite(expect.maxLatency) || refusals.has(failure?.reason)) return []
  const verdict = durationSeconds > expect.maxLatency ? 'slower than' : 'within'
  return [
    `  latency      ${formatMilliseconds(durationSeconds)}, ${verdict} the expected ${formatMilliseconds(expect.maxLatency)}`,
  ]
}

function phases({ phases: durations }: ProbeResult): string[] {
  if (!durations) return []
  const total = Object.values(durations).reduce((sum, value) => sum + value, 0)
  let before = 0
  return httpPhases.flatMap((phase) => {
    const value = durations[phase]
    if (value === undefined) return []
    const from = Math.round((before / total) * barWidth)
    before += value
    const to = Math.max(from + 1, Math.round((before / total) * barWidth))
    const bar = ' '.repeat(Math.min(from, barWidth - 1)) + '█'.repeat(total === 0 ? 1 : to - from)
    return [`  ${phase.padEnd(labelWidth)} ${formatMilliseconds(value).padStart(9)}  ${bar}`]
  })
}

function certificate(tls: TlsResult, now: number, minimum: number): string[] {
  const leaf = tls.chain[0]
  if (!leaf) return []
  const remaining = expiryOf(tls) - now
  const days = Math.floor(remaining / daySeconds)
  const left = days < 0 ? `expired ${plural(-days, 'day')} ago` : `${plural(days, 'day')} left`
  const short = remaining < minimum ? `, expected at least ${Math.round(minimum / daySeconds)}` : ''
  return [
    `  certificate  ${leaf.subject}, ${left}${short}${tls.verified ? '' : ', NOT verified'}`,
    `  tls          ${tls.version ?? 'unknown version'}, ${tls.cipher ?? 'unknown cipher'}, issued by ${leaf.issuer}`,
  ]
}
