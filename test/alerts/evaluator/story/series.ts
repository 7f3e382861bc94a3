import { maintenanceEnd } from '../../../../src/config/target/maintenance.ts'
import { targetLabels } from '../../../../src/config/target/labels.ts'
import type { TestGroup } from '../../../prometheus/shipped.ts'
import {
  evaluation,
  runs,
  scrapePhase,
  scrapesOf,
  type Calls,
  type Scrape,
  type Story,
  type Subject,
} from './story.ts'

type Value = number | 'stale'

/** Series as they come, each with its values by time. */
class Recorder {
  readonly #series = new Map<string, Map<number, Value>>()
  /** What the last scrape of a job had. */
  readonly #present = new Map<string, Set<string>>()

  /** Takes everything that one scrape of a job brings: what it does not bring any more is stale. */
  scrape(job: string, at: number, samples: Readonly<Record<string, number | undefined>>): void {
    const known = Object.entries(samples).filter(([, value]) => value !== undefined)
    const names = new Set(known.map(([name]) => name))
    for (const gone of this.#present.get(job) ?? []) if (!names.has(gone)) this.#set(gone, at, 'stale')
    for (const [name, value] of known) this.#set(name, at, value!)
    this.#present.set(job, names)
  }

  /** In the notation of promtool. */
  input(step: number): TestGroup['input_series'] {
    return [...this.#series].map(([series, values]) => {
      let next = 0
      const parts = [...values]
        .sort(([a], [b]) => a - b)
        .flatMap(([at, value]) => {
          const blanks = Math.round((at - next) / step)
          next = at + step
          return [...(blanks > 0 ? [`_x${blanks}`] : []), String(value)]
        })
      return { series, values: parts.join(' ') }
    })
  }

  #set(series: string, at: number, value: Value): void {
    const values = this.#series.get(series) ?? new Map<number, Value>()
    this.#series.set(series, values.set(at, value))
  }
}

const named = (name: string, labels: Readonly<Record<string, string>>): string =>
  `${name}{${Object.entries(labels)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}="${value}"`)
    .join(',')}}`

/**
 * A story as Prometheus would have scraped it, in the notation of promtool's tests.
 *
 * @param step Seconds between two values.
 */
export function seriesOf(story: Story, step: number): TestGroup['input_series'] {
  const recorder = new Recorder()
  for (const subject of story.subjects) {
    recordProbes(recorder, subject, story)
    recordCalls(recorder, subject, story)
  }
  return recorder.input(step)
}

function recordProbes(recorder: Recorder, subject: Subject, story: Story): void {
  const removals = subject.edits.filter(({ target }) => !target).map(({ at }) => at + scrapePhase)
  let job: string | undefined
  // A target that is gone, or has other labels, leaves nothing behind.
  const end = (at: number): void => {
    if (job !== undefined) recorder.scrape(job, at, {})
    job = undefined
  }
  for (const scrape of scrapesOf(subject, story)) {
    while (removals[0] !== undefined && removals[0] <= scrape.at) end(removals.shift()!)
    const own = named('job', targetLabels(scrape.edit.target, 'here'))
    if (job !== own) end(scrape.at)
    job = own
    recorder.scrape(job, scrape.at, samplesOf(scrape, runs(story, scrape.at)))
  }
  for (const at of removals) end(at)
}

function samplesOf({ edit: { target }, shown }: Scrape, up: boolean): Record<string, number | undefined> {
  const labels = targetLabels(target, 'here')
  const of = (name: string, extra: Record<string, string> = {}): string =>
    named(name, { ...labels, ...extra })
  if (!up || !shown) return { [of('up')]: 0 }
  const { expect, maintenance, dependsOn = [] } = target
  return {
    [of('up')]: 1,
    [of('probe_success')]: shown.reason ? 0 : 1,
    [of('probe_duration_seconds')]: shown.durationSeconds,
    [of('probe_check_timestamp_seconds')]: shown.at,
    [of('probe_ssl_earliest_cert_expiry')]: shown.certificateExpiry,
    ...(shown.reason && { [of('probe_failure_info', { reason: shown.reason })]: 1 }),
    [of('probe_target_interval_seconds')]: target.interval,
    [of('probe_target_alert_after_seconds')]: target.alertAfter,
    [of('probe_target_max_latency_seconds')]: expect.maxLatency,
    [of('probe_target_max_error_ratio')]: expect.maxErrorRatio,
    [of('probe_target_slo_ratio')]: expect.slo,
    [of('probe_target_min_certificate_seconds')]: expect.minCertificate,
    [of('probe_target_maintenance_end_timestamp_seconds')]: maintenanceEnd(maintenance, shown.at),
    ...Object.fromEntries(dependsOn.map((parent) => [of('probe_target_depends_on', { parent }), 1])),
  }
}

/** A counter as the exporter shows it: its first scrape sees zero. */
class FromZero {
  #count = 0
  #before = 0
  #scraped = false

  add(count: number): void {
    if (this.#scraped) this.#count += count
    else this.#before += count
  }

  scrape(): number {
    const shown = this.#count
    this.#count += this.#before
    this.#before = 0
    this.#scraped = true
    return shown
  }
}

/** The two buckets of a histogram that the stories fill. */
class Buckets {
  readonly fast = new FromZero()
  readonly all = new FromZero()

  scrape(): { readonly fast: number; readonly all: number } {
    return { fast: this.fast.scrape(), all: this.all.scrape() }
  }
}

type Counts = Record<'ok' | 'errors' | 'unknown' | 'slow', number>

/** The counters of one version of one caller, as the exporter shows them: the first scrape of each sees zero. */
class Pair {
  readonly shown: Partial<Counts> & { slow: number } = { slow: 0 }
  #next: Counts = { ok: 0, errors: 0, unknown: 0, slow: 0 }

  count({ ok = 0, errors = 0, unknown = 0, slow = 0 }: Calls): void {
    const slowKnown = Math.min(slow, ok + errors)
    if (ok + errors > 0) {
      const into = this.shown.ok === undefined ? this.#next : (this.shown as Counts)
      this.shown.ok ??= 0
      this.shown.errors ??= 0
      into.ok += ok
      into.errors += errors
      into.slow += slowKnown
    }
    if (unknown > 0) {
      const into = this.shown.unknown === undefined ? this.#next : (this.shown as Counts)
      this.shown.unknown ??= 0
      into.unknown += unknown
      into.slow += slow - slowKnown
    }
  }

  /** Prometheus has seen what is shown. */
  scraped(): void {
    const { shown } = this
    if (shown.ok !== undefined) shown.ok += this.#next.ok
    if (shown.errors !== undefined) shown.errors += this.#next.errors
    if (shown.unknown !== undefined) shown.unknown += this.#next.unknown
    shown.slow += this.#next.slow
    this.#next = { ok: 0, errors: 0, unknown: 0, slow: 0 }
  }
}

function recordCalls(recorder: Recorder, subject: Subject, story: Story): void {
  const counters = new Map<string, Pair>()
  let wasUp = false
  let lastCallAt: number | undefined
  const errorsBy = new Map<string, FromZero>()
  const buckets = new Map<string, Buckets>()
  for (let at = scrapePhase; at < story.length; at += evaluation) {
    const up = runs(story, at)
    if (wasUp && !up && story.pauses.some((pause) => pause.restart && at >= pause.from && at < pause.until))
      counters.clear()
    if (counters.size === 0) {
      lastCallAt = undefined
      errorsBy.clear()
      buckets.clear()
    }
    wasUp = up
    const edit = subject.edits.findLast((one) => one.at <= at)
    const { callTarget, target } = edit ?? {}
    if (!callTarget) counters.clear()
    for (const one of subject.calls.filter((calls) => calls.at > at - evaluation && calls.at <= at)) {
      if (!up || !callTarget) continue
      lastCallAt = one.at
      if (one.error !== undefined && one.errors) {
        const counter = errorsBy.get(one.error) ?? new FromZero()
        errorsBy.set(one.error, counter)
        counter.add(one.errors)
      }
      const key = `${one.caller}\t${one.version}`
      const pair = counters.get(key) ?? new Pair()
      counters.set(key, pair)
      pair.count(one)
      countBuckets(buckets, key, one)
    }
    const samples: Record<string, number | undefined> = {}
    const { runbook } = target ?? callTarget ?? {}
    if (up && (target || callTarget))
      samples[named('probity_target_info', { target: subject.name, kind: 'http', runbook: runbook ?? '' })] =
        1
    if (up && callTarget) {
      const labels = { ...callTarget.labels, target: subject.name }
      samples[named('api_call_target_max_error_ratio', labels)] = callTarget.expect.maxErrorRatio
      samples[named('api_call_target_max_latency_seconds', labels)] = callTarget.expect.maxLatency
      samples[named('api_call_target_alert_missing', labels)] = callTarget.missing === 'off' ? 0 : 1
      samples[named('api_call_last_timestamp_seconds', labels)] = lastCallAt
      for (const [error, counter] of errorsBy)
        samples[named('api_call_errors_total', { ...labels, error })] = counter.scrape()
      for (const [key, pair] of counters) {
        const { ok, errors, unknown, slow } = pair.shown
        const [caller = '', version = ''] = key.split('\t')
        const own = { ...labels, caller, version }
        const count = (outcome: string): string =>
          named('api_call_duration_seconds_count', { ...own, outcome })
        samples[count('ok')] = ok
        samples[count('error')] = errors
        samples[count('unknown')] = unknown
        samples[named('api_calls_over_limit_total', own)] = slow
        pair.scraped()
        for (const outcome of ['ok', 'error', 'unknown']) {
          const { fast, all } = buckets.get(`${key}\t${outcome}`)?.scrape() ?? {}
          const bucket = (le: string): string =>
            named('api_call_duration_seconds_bucket', { ...own, outcome, le })
          samples[bucket('0.005')] = fast
          samples[bucket('30')] = fast
          samples[bucket('+Inf')] = all
        }
      }
    }
    recorder.scrape(`calls of ${subject.name}`, at, samples)
  }
}

/** Calls are very fast or very slow: the buckets between are all alike. The first that are told are the slow ones. */
function countBuckets(
  buckets: Map<string, Buckets>,
  pair: string,
  { ok, errors, unknown, slow = 0 }: Calls,
): void {
  const told = (ok ?? 0) + (errors ?? 0) > 0
  let slowLeft = slow
  for (const [outcome, count] of [
    ['ok', ok],
    ['error', errors],
    ['unknown', unknown],
  ] as const) {
    if (outcome === 'unknown' ? count === undefined : !told) continue
    const key = `${pair}\t${outcome}`
    const known = buckets.get(key) ?? new Buckets()
    const slowOnes = Math.min(slowLeft, count ?? 0)
    slowLeft -= slowOnes
    buckets.set(key, known)
    known.fast.add((count ?? 0) - slowOnes)
    known.all.add(count ?? 0)
  }
}
