import { simplePage } from '../../src/config/public-page.ts'
import type { Target } from '../../src/config/target/target.ts'
import { createLogger } from '../../src/lib/logger.ts'
import type { ProbeResult } from '../../src/checks/result.ts'
import type { Past, TargetPast } from '../../src/web/status/past.ts'
import type { CallTarget } from '../../src/config/target/calls.ts'
import type { SeenCalls } from '../../src/web/status/calls.ts'
import type { VendorSaid } from '../../src/web/status/vendor.ts'
import { statusSource, type LiveStatus } from '../../src/web/status/join.ts'
import { aConfig, aResult } from '../support/target.ts'

export const now = Date.parse('2026-11-21T12:00:00Z')
const quiet = createLogger({ destination: { write: () => undefined } })

export function ago(seconds: number): Date {
  return new Date(now - seconds * 1000)
}

/** A check that succeeded so many seconds ago. */
export function passed(seconds: number, overrides: Partial<ProbeResult> = {}): ProbeResult {
  return aResult({ startedAt: ago(seconds), ...overrides })
}

/** One that failed. */
export function failedCheck(seconds: number, message = 'expected 2xx, got 503'): ProbeResult {
  return aResult({
    startedAt: ago(seconds),
    success: false,
    failure: { reason: 'status', message },
    http: { ...aResult().http!, statusCode: 503 },
  })
}

/** The past of a target that has always been up. */
export function aPast(overrides: Partial<TargetPast> = {}): TargetPast {
  return {
    last: { at: ago(20), success: true, durationSeconds: 0.1, statusCode: 200 },
    change: { at: ago(86_400), success: true },
    sparkline: Array.from({ length: 24 }, (_, hour) => (hour < 12 ? null : 0.1)),
    days: Array.from({ length: 90 }, (_, index) => ({
      day: new Date(now - (89 - index) * 86_400_000).toISOString().slice(0, 10),
      checks: index < 88 ? 0 : 2880,
      failures: 0,
      availability: index < 88 ? null : 1,
      unobserved: index < 88,
    })),
    availability: { last24h: 1, last30d: 1, last90d: 1 },
    latency: { p50Seconds: 0.1, p95Seconds: 0.2 },
    ...overrides,
  }
}

/** A store that answers at once. */
export function aStore(past: Readonly<Record<string, TargetPast>>, overrides: Partial<Past> = {}): Past {
  return {
    isOpen: () => true,
    pendingSince: () => undefined,
    overview: () => Promise.resolve(new Map(Object.entries(past))),
    locations: () => Promise.resolve(new Map()),
    elsewhere: () => Promise.resolve([]),
    series: () => Promise.resolve({ resolution: 'checks', stepSeconds: 0, points: [] }),
    incidents: () => Promise.resolve([]),
    marks: () => Promise.resolve([]),
    admissions: (asked) => Promise.resolve(asked.map(() => undefined)),
    ...overrides,
  }
}

export interface SourceParts {
  readonly targets: readonly Target[]
  /** In the order in which they were made. */
  readonly checks?: Readonly<Record<string, readonly ProbeResult[]>>
  /** Default: none. */
  readonly callTargets?: readonly CallTarget[]
  readonly calls?: SeenCalls
  readonly vendorSays?: (vendor: string) => VendorSaid | undefined
  readonly past?: Past
  readonly publicTargets?: readonly string[]
  /** Default: nowhere. */
  readonly location?: string
  readonly patienceMs?: number
  /** Milliseconds. Default: it stands still. */
  readonly monotonic?: () => number
}

/** A source of targets, some of which were checked. */
export function aSource(parts: SourceParts): LiveStatus {
  const {
    targets,
    checks = {},
    callTargets = [],
    calls,
    vendorSays,
    past,
    publicTargets,
    location,
    patienceMs,
    monotonic = () => 0,
  } = parts
  const source = statusSource({
    config: () =>
      aConfig(targets, { callTargets, ...(publicTargets && { publicPages: [simplePage(publicTargets)] }) }),
    lastResult: ({ name }) => checks[name]?.at(-1),
    ...(calls && { calls }),
    ...(vendorSays && { vendorSays }),
    ...(past && { past }),
    ...(location !== undefined && { location }),
    clock: { now: () => now, monotonic },
    log: quiet,
    ...(patienceMs !== undefined && { patienceMs }),
  })
  for (const target of targets) for (const result of checks[target.name] ?? []) source.observe(target, result)
  return source
}
