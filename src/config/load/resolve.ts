import { kinds } from '../../checks/index.ts'
import type { Report } from '../../checks/kind.ts'
import { formatDuration } from '../../settings/values/duration.ts'
import { insertionsIn } from '../../settings/insertions.ts'
import { toWindow } from '../document/maintenance.ts'
import { mergeSettings } from '../../settings/merge.ts'
import { notifyLabels } from '../notify/target.ts'
import type { Mapping, Part } from '../document/parts.ts'
import type { Path } from '../../settings/path.ts'
import { complement, formatRatio } from '../../settings/values/ratio.ts'
import { reportNeverJudged } from './never-judged.ts'
import { narrowTo } from '../document/narrow.ts'
import { targetSchema, type CompleteSettings, type Settings } from '../document/schema.ts'
import type { Expander } from '../../settings/secrets.ts'
import type { Target } from '../target/target.ts'

/** What holds for every kind of target where nothing is written, in the words of a file. */
export const commonDefaults: Mapping = {
  interval: '30s',
  alert_after: 3,
  severity: 'critical',
  expect: { max_latency: '1s', max_error_rate: '5%', certificate_days: 14 },
}

/** Seconds. A shorter interval has a timeout of nine tenths of it, so that it can be set alone. */
const defaultTimeout = 10

/** The built-in defaults of each kind, as written and as read. */
const builtIn = kinds.map((kind) => {
  const written = mergeSettings([commonDefaults, kind.defaults])
  return { kind, written, settings: narrowTo(targetSchema, written).parse(written) }
})

type Kinds = readonly { readonly key: string }[]

/** What is wrong with the keys that select a kind, of which a target has exactly one. */
export function kindProblem(has: (key: string) => boolean, of: Kinds = kinds): string | undefined {
  const chosen = of.filter(({ key }) => has(key)).map(({ key }) => key)
  if (chosen.length === 1) return undefined
  if (chosen.length > 1) return `has more than one check: keep one of ${chosen.join(', ')}`
  return `has no check: expected a key that says what is checked, such as ${of[0]?.key ?? ''}:`
}

/** Whether a key that selects a kind is there, right or wrong. */
export function hasCheck(has: (key: string) => boolean): boolean {
  return kinds.some(({ key }) => has(key))
}

/**
 * Puts a target together: built-in defaults, then the parts, the last one first in rank. What is wrong is reported.
 *
 * @param parts `defaults:`, the module, the target.
 * @returns Nothing when what is wrong leaves no target.
 */
export function resolveTarget(name: string, parts: readonly Part[], expander: Expander): Target | undefined {
  const own = parts.at(-1)
  const row = builtIn.find(({ kind }) => own?.has(kind.key)) ?? builtIn[0]
  if (own === undefined || row === undefined) return undefined
  const { kind } = row
  const settings = mergeSettings<Settings>([row.settings, ...parts.map((part) => part.settings)])
  // The built-in defaults give what CompleteSettings asks for, save the key that selects the kind.
  const complete = settings as CompleteSettings
  const timeout = settings.timeout ?? Math.min(defaultTimeout, complete.interval * 0.9)
  checkTimeout(parts, timeout, complete.interval)
  const retry = kind.key === 'heartbeat' ? undefined : (complete.retry ?? undefined)
  if (retry !== undefined) checkRetry(parts, { retry, timeout, interval: complete.interval })
  checkKeys(own, kind.key)
  reportNeverJudged(own, kind.key, complete.interval)
  if (!(kind.key in settings)) return undefined
  const expect = expectationOf(complete)
  // What is watched is the same, paused or not: what was seen of it before stays with it.
  const { enabled: _enabled, ...written } = withEffective(
    mergeSettings([row.written, ...parts.map((part) => part.written)]),
    timeout,
    expect.slo,
  )
  const report: Report = (path, message) => {
    partWith(parts, path)?.report(path, message)
  }
  const { expand, readText, pathOf } = expander
  const check = kind.toCheck(complete, report, insertionsIn(written, expand), readText, pathOf)
  if (own.has('traceroute') && !isReached(kind))
    own.report(['traceroute'], `has no effect with ${kind.key}, which has no address: remove it`)
  const { shown, ...concealed } = kind.conceal(written, expand)
  return {
    name,
    ...(complete.was && { was: complete.was }),
    ...(complete.enabled === false && { paused: true }),
    interval: complete.interval,
    timeout,
    ...(retry !== undefined && { retry }),
    alertAfter: alertAfterOf(complete),
    ...(complete.alert_quorum !== undefined && { alertQuorum: complete.alert_quorum }),
    ...(complete.recover_after !== undefined && { recoverAfter: complete.recover_after }),
    ...(typeof complete.job === 'string' && { job: complete.job }),
    ...(complete.depends_on && { dependsOn: complete.depends_on }),
    ...(complete.maintenance && { maintenance: complete.maintenance.map(toWindow) }),
    ...(complete.traceroute === true && isReached(kind) && { traceroute: true }),
    severity: complete.severity,
    labels: { ...labelsOf(complete), ...notifyLabels(complete) },
    ...(settings.runbook === undefined || settings.runbook === null ? {} : { runbook: settings.runbook }),
    expect,
    check,
    ...concealed,
    shown: { ...shown, name },
  }
}

/** Whether checks of a kind connect to an address. */
function isReached({ metrics }: (typeof kinds)[number]): boolean {
  return metrics.some(({ name }) => name === 'probe_ip_protocol')
}

function checkTimeout(parts: readonly Part[], timeout: number, interval: number): void {
  if (timeout < interval) return
  const part = parts.findLast(({ has }) => has('timeout') || has('interval'))
  const key = part?.has('timeout') ? 'timeout' : 'interval'
  const rule = `timeout ${formatDuration(timeout)} must be shorter than interval ${formatDuration(interval)}`
  part?.report([key], rule)
}

/** A check and the one that repeats it are one: they have to be over before the next is due. */
function checkRetry(
  parts: readonly Part[],
  {
    retry,
    timeout,
    interval,
  }: { readonly retry: number; readonly timeout: number; readonly interval: number },
): void {
  // A timeout that fills its interval is reported already.
  if (timeout + retry + timeout <= interval || timeout >= interval) return
  const keys = ['retry', 'timeout', 'interval'] as const
  const part = parts.findLast(({ has }) => keys.some(has))
  const key = keys.find((each) => part?.has(each)) ?? 'retry'
  const takes = `${formatDuration(timeout)} (timeout) + ${formatDuration(retry)} (retry) + ${formatDuration(timeout)} (timeout)`
  part?.report(
    [key],
    `a check that is made again takes up to ${takes}: expected at most interval ${formatDuration(interval)}; shorten retry or timeout, or lengthen interval`,
  )
}

/** By the key of a kind: the keys that only other kinds have. */
const foreignKeys = keysOfOthers(({ shape }) => shape)
const foreignExpectKeys = keysOfOthers(({ expectShape }) => expectShape)

function keysOfOthers(of: (kind: (typeof kinds)[number]) => object): Map<string, Set<string>> {
  const selecting = new Set<string>(kinds.map(({ key }) => key))
  const all = kinds.flatMap((kind) => Object.keys(of(kind))).filter((key) => !selecting.has(key))
  return new Map(kinds.map((kind) => [kind.key, new Set(all.filter((key) => !(key in of(kind))))]))
}

/** A key of another kind of check would do nothing. What is inherited may be for others. */
function checkKeys(own: Part, chosen: string): void {
  const message = `has no effect with ${chosen}: remove it`
  // What is late was waited for already.
  if (chosen === 'heartbeat' && (own.settings.retry ?? undefined) !== undefined)
    own.report(['retry'], message)
  for (const key of Object.keys(own.written))
    if (foreignKeys.get(chosen)?.has(key)) own.report([key], message)
  const { expect } = own.written
  if (typeof expect !== 'object' || expect === null) return
  for (const key of Object.keys(expect))
    if (foreignExpectKeys.get(chosen)?.has(key)) own.report(['expect', key], message)
}

/** The last part that has the key: the one that is in force. */
function partWith(parts: readonly Part[], [key]: Path): Part | undefined {
  return parts.findLast(({ has }) => typeof key === 'string' && has(key)) ?? parts.at(-1)
}

function alertAfterOf({ alert_after: after, interval }: CompleteSettings): number {
  // Half an interval short of N: the check after which it counts may come a little early.
  return 'seconds' in after ? after.seconds : (after.checks - 0.5) * interval
}

function expectationOf({ expect }: CompleteSettings): Target['expect'] {
  const { max_latency_p99: tail = Infinity, latency_spike: spike = Infinity } = expect
  return {
    maxLatency: expect.max_latency,
    ...(tail < Infinity && { maxLatencyP99: tail }),
    ...(spike < Infinity && { latencySpike: spike }),
    maxErrorRatio: expect.max_error_rate,
    slo: expect.slo ?? complement(expect.max_error_rate),
    minCertificate: expect.certificate_days,
  }
}

/** Without those that were taken away. */
export function labelsOf({ labels = {} }: Pick<CompleteSettings, 'labels'>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).filter((label): label is [string, string] => label[1] !== null),
  )
}

/** Adds what is computed, so that the configuration in effect is shown whole. */
function withEffective(written: Mapping, timeout: number, slo: number): Mapping {
  const expect = { slo: formatRatio(slo), ...(written['expect'] as Mapping) }
  return { timeout: formatDuration(timeout), ...written, expect }
}
