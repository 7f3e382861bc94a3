import { httpPhases } from '../../net/attempt.ts'
import type { TlsResult } from '../../net/tls/result.ts'
import type { Target } from '../../config/target/target.ts'
import { redact } from '../../lib/text/redact.ts'
import type { ProbeLogLine } from '../../checks/log.ts'
import { type ProbeResult } from '../../checks/result.ts'

export interface ProbeReport {
  readonly target: Target
  readonly result: ProbeResult
  /** What the probe did, step by step; printed where there is any. */
  readonly lines: readonly ProbeLogLine[]
}

const barWidth = 40
const daySeconds = 86_400

/** One probe for a person: verdict, phases as a bar, certificate, what was expected and what was seen. */
export function reportProbe({ target, result, lines }: ProbeReport): string {
  const verdict = result.success ? '✓ as expected' : '✗ not as expected'
  const text = [
    `${target.name}  ${verdict}  ${milliseconds(result.durationSeconds)}`,
    ...(target.instance === target.name ? [] : [`  ${target.instance}`]),
    ...(result.failure ? [`  ${result.failure.reason}: ${result.failure.message}`] : []),
    '',
    ...steps(result),
    ...response(result),
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
export function reportProbeJson({ target, result, lines }: ProbeReport): string {
  const value = {
    target: target.name,
    instance: target.instance,
    ...result,
    ...(lines.length > 0 && { log: lines }),
  }
  return `${redact(JSON.stringify(value, undefined, 2), target.secrets)}\n`
}

/** What became of the steps of a transaction, each on a line; what is below them is of the failed or the last one. */
function steps({ steps: results = [] }: ProbeResult): string[] {
  if (results.length === 0) return []
  const width = Math.max(12, ...results.map(({ name }) => name.length))
  const lines = results.map(({ name, outcome, durationSeconds, statusCode, failure, missing }) =>
    [
      `  ${name.padEnd(width)}`,
      durationSeconds === undefined ? '' : milliseconds(durationSeconds).padStart(9),
      durationSeconds === undefined ? 'not run' : outcome === 'succeeded' ? '✓' : '✗',
      failure?.reason ?? statusCode ?? '',
      missing ? `${missing.join(', ')} never captured` : '',
    ]
      .filter((part) => part !== '')
      .join('  '),
  )
  return [...lines, '']
}

function response({ http, resolve }: ProbeResult): string[] {
  if (!http || http.statusCode === 0) return []
  const via = resolve?.address === undefined ? '' : ` from ${resolve.address}`
  const hops =
    http.redirects === 0
      ? ''
      : `, ${http.redirects} redirect${http.redirects === 1 ? '' : 's'} to ${http.finalUrl}`
  return [`  response     HTTP/${http.version} ${http.statusCode}${via}, ${http.bodyLength} bytes${hops}`]
}

/** Nothing to compare where nothing answered: a refusal is quick. */
function latency({ expect }: Target, { durationSeconds, http }: ProbeResult): string[] {
  if (!http || http.statusCode === 0) return []
  const verdict = durationSeconds > expect.maxLatency ? 'slower than' : 'within'
  return [
    `  latency      ${milliseconds(durationSeconds)}, ${verdict} the expected ${milliseconds(expect.maxLatency)}`,
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
    return [`  ${phase.padEnd(12)} ${milliseconds(value).padStart(9)}  ${bar}`]
  })
}

function certificate(tls: TlsResult, now: number, minimum: number): string[] {
  const leaf = tls.chain[0]
  if (!leaf) return []
  const days = Math.floor((tls.earliestExpiry - now) / daySeconds)
  const left = days < 0 ? `expired ${-days} days ago` : `${days} days left`
  const short =
    tls.earliestExpiry - now < minimum ? `, expected at least ${Math.round(minimum / daySeconds)}` : ''
  return [
    `  certificate  ${leaf.subject}, ${left}${short}${tls.verified ? '' : ', NOT verified'}`,
    `  tls          ${tls.version ?? 'unknown version'}, ${tls.cipher ?? 'unknown cipher'}, issued by ${leaf.issuer}`,
  ]
}

function milliseconds(seconds: number): string {
  return seconds < 10 ? `${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms` : `${seconds.toFixed(1)} s`
}
