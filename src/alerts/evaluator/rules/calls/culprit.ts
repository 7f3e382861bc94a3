import { humanizeDuration, humanizePercentage } from '../go-format.ts'
import type { CallsView, VersionCalls } from '../rule.ts'
import type { Kind } from './compare-versions.ts'

/** A version is worse than the rest if its share is by this much above the one of all calls. */
const clearly = 1.2

/** Of all calls that are slow or fail, the share that a version makes at least to be named: one call is 100% of one. */
const least = 0.1

/** The last bound of the histogram: what takes longer is only known to. */
const longest = 30

/**
 * How many calls there were within five minutes, how long they took, what most failed with, and whose fault it is, for the description of an alert.
 *
 * @param kind What the alert is about.
 */
export function culprit(kind: Kind, view: CallsView): string {
  const { fiveMinutes, details } = view
  const p95 = latencyText(details.p95())
  const latency = p95 === '' ? '' : `, 95th percentile ${p95}`
  const error = details.error
    ? `, most frequent error: ${details.error.name} (${details.error.times} times)`
    : ''
  return `${Math.round(fiveMinutes.total)} calls in the last 5m${latency}${versionsOf(kind, view)}${error}.`
}

/** `at least 30s`; empty where nothing is known. */
export function latencyText(seconds = 0): string {
  return seconds > 0 ? `${seconds >= longest ? 'at least ' : ''}${humanizeDuration(seconds)}` : ''
}

function versionsOf(kind: Kind, { fiveMinutes, versions }: CallsView): string {
  const calling = versions.filter((one) => one.fiveMinutes.total > 0)
  const [only] = calling
  if (calling.length === 1 && only) return only.version === '' ? '' : `, all from ${named(only)}`
  const all = kind(fiveMinutes)
  const shares = calling
    .map((one) => ({ one, share: kind(one.fiveMinutes) }))
    .filter(({ share }) => share.of > 0 && share.found >= least * all.found)
    .map(({ one, share }) => ({ one, ratio: share.found / share.of }))
    .sort((a, b) => b.ratio - a.ratio)
  const [worst] = shares
  return worst && worst.ratio > clearly * (all.found / all.of)
    ? `, worst: ${named(worst.one)} (${humanizePercentage(worst.ratio)} of its calls)`
    : ', all versions alike'
}

function named({ caller, version }: Pick<VersionCalls, 'caller' | 'version'>): string {
  return `${version === '' ? 'an unknown version' : `version ${version}`}${caller === '' ? '' : ` of ${caller}`}`
}
