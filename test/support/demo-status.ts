import { simplePage, type PublicPage } from '../../src/config/public-page.ts'
import type {
  DayBar,
  Evidence,
  HistoryState,
  Incident,
  LatencySeries,
  SeriesPoint,
  SeriesRange,
  StatusSource,
  TargetDetail,
} from '../../src/web/status/status.ts'

/** The moment of the demo. */
export const demoNow = new Date('2026-11-21T09:12:40Z')

const dayMs = 86_400_000
const hourMs = 3_600_000
const ago = (ms: number): Date => new Date(demoNow.getTime() - ms)

/** Numbers between 0 and 1 that look random and are always the same. */
function dice(seed: number): () => number {
  let state = seed * 2_654_435_761 + 1
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e37_79b9) >>> 0
    return state / 2 ** 32
  }
}

interface Sketch {
  readonly name: string
  readonly instance: string
  readonly kind?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly state?: TargetDetail['state']
  /** Seconds of an ordinary check. */
  readonly pace: number
  readonly limit: number
  /** Days before today and the share of checks that failed. */
  readonly bad?: Readonly<Record<number, number>>
  /** Since how many days it is watched. */
  readonly known?: number
  /** Days before today on which nothing was seen. */
  readonly unseen?: readonly number[]
  /** It is in maintenance, and what went wrong before began in one. */
  readonly maintained?: boolean
  readonly failing?: Omit<Evidence, 'at'>
}

const refused = { reason: 'connect', message: '10.0.3.17:8443 refused the connection' }
const sketches: readonly Sketch[] = [
  {
    name: 'search-api',
    instance: 'https://search.internal:8443/health',
    labels: { team: 'discovery' },
    state: 'down',
    pace: 0.085,
    limit: 0.25,
    bad: { 0: 0.11, 12: 0.004, 34: 0.09 },
    failing: {
      reason: 'status',
      message: 'expected 2xx, got 503: "upstream connect error"',
      statusCode: 503,
    },
  },
  {
    name: 'sms-gateway',
    instance: 'https://api.sms-vendor.example/v2/ping',
    labels: { vendor: 'texto', team: 'growth' },
    state: 'degraded',
    maintained: true,
    pace: 0.52,
    limit: 0.5,
    bad: { 3: 0.012, 4: 0.06, 21: 0.02, 55: 0.008 },
  },
  {
    name: 'nightly-backup',
    instance: 'pg_verifybackup /backup/latest',
    kind: 'command',
    labels: { team: 'platform' },
    state: 'pending',
    pace: 12,
    limit: 60,
    known: 6,
  },
  ...[
    {
      name: 'checkout',
      instance: 'https://shop.example/checkout',
      labels: { team: 'checkout' },
      pace: 0.19,
      limit: 0.4,
      bad: { 8: 0.003, 47: 0.31 },
    },
    {
      name: 'stripe-charges',
      instance: 'https://api.stripe.com/v1/charges',
      labels: { vendor: 'stripe', team: 'checkout' },
      pace: 0.21,
      limit: 0.3,
      bad: { 27: 0.014 },
    },
    {
      name: 'identity',
      instance: 'https://login.shop.example/.well-known/openid-configuration',
      labels: { team: 'platform' },
      pace: 0.06,
      limit: 0.3,
      unseen: [40, 41, 42],
    },
    {
      name: 'image-cdn',
      instance: 'https://img.shop.example/probe.webp',
      labels: { vendor: 'fastcdn' },
      pace: 0.024,
      limit: 0.1,
    },
    {
      name: 'mail-relay',
      instance: 'smtp.shop.example:587',
      kind: 'tcp',
      labels: { team: 'platform' },
      pace: 0.031,
      limit: 1,
      bad: { 62: 0.18, 63: 0.02 },
    },
    { name: 'https://example.org/', instance: 'https://example.org/', pace: 0.14, limit: 1, known: 31 },
    {
      name: 'payments-db',
      instance: 'db1.internal:5432',
      kind: 'tcp',
      labels: { team: 'checkout' },
      pace: 0.004,
      limit: 0.05,
      unseen: [40],
    },
  ],
]

function daysOf({ bad = {}, known = 90, unseen = [] }: Sketch): DayBar[] {
  return Array.from({ length: 90 }, (_, index) => {
    const before = 89 - index
    const day = ago(before * dayMs)
      .toISOString()
      .slice(0, 10)
    if (before >= known || unseen.includes(before))
      return { day, checks: 0, failures: 0, availability: null, unobserved: true }
    const checks = before === 0 ? 1105 : 2880
    const failures = Math.round((bad[before] ?? 0) * checks)
    return { day, checks, failures, availability: 1 - failures / checks, unobserved: false }
  })
}

function share(days: readonly DayBar[]): number | null {
  const checks = days.reduce((sum, day) => sum + day.checks, 0)
  return checks === 0 ? null : 1 - days.reduce((sum, day) => sum + day.failures, 0) / checks
}

/** How long a check takes at a time: busier by day, with a peak now and then. */
function paceAt({ pace, name }: Sketch, at: number, random: () => number): number {
  const busy = 1 + 0.25 * Math.sin(((at % dayMs) / dayMs) * 2 * Math.PI - 2)
  const slow = name === 'sms-gateway' && at > demoNow.getTime() - 5 * hourMs ? 1.7 : 1
  return pace * busy * slow * (0.88 + 0.24 * random() + (random() > 0.985 ? 0.9 : 0))
}

function incidentsOf(sketch: Sketch): Incident[] {
  const { name, failing = refused, state, bad = {}, maintained } = sketch
  const past = Object.entries(bad)
    .filter(([before]) => before !== '0')
    .map(([before, ratio]): Incident => {
      const startedAt = new Date(
        Math.floor(ago(Number(before) * dayMs).getTime() / dayMs) * dayMs + 14.4 * hourMs,
      )
      const durationSeconds = Math.round(ratio * 86_400)
      const endedAt = new Date(startedAt.getTime() + durationSeconds * 1000)
      const last = { reason: 'timeout', message: 'no answer within 10 s' }
      return {
        target: name,
        startedAt,
        endedAt,
        durationSeconds,
        ...(maintained && { inMaintenance: true }),
        firstFailure: { at: startedAt, ...failing },
        lastFailure: { at: endedAt, ...last },
      }
    })
  if (state !== 'down') return past
  const startedAt = ago(61 * 60_000 + 12_000)
  const first: Evidence = { at: startedAt, ...refused }
  const open = {
    target: name,
    startedAt,
    durationSeconds: 3672,
    firstFailure: first,
    lastFailure: { at: ago(9000), ...failing },
  }
  return [open, ...past]
}

function detail(sketch: Sketch, index: number): TargetDetail {
  const { name, instance, kind = 'http', labels = {}, state = 'up', limit, failing, known = 90 } = sketch
  const random = dice(index + 1)
  const hours = Array.from({ length: 24 }, (_, i) =>
    paceAt(sketch, demoNow.getTime() - (23 - i) * hourMs, random),
  )
  const days = daysOf(sketch)
  const incidents = incidentsOf(sketch)
  const open = incidents.find(({ endedAt }) => !endedAt)
  const took = state === 'down' ? 0.012 : (hours.at(-1) ?? sketch.pace)
  const p95 = [...hours].sort((a, b) => a - b)[22]!
  return {
    name,
    instance,
    kind,
    labels,
    severity: 'critical',
    intervalSeconds: 30,
    state,
    ...(sketch.maintained && { maintenanceUntil: ago(-2 * hourMs) }),
    ...(state !== 'pending' && { since: open?.startedAt ?? ago((3 + index) * dayMs + 5 * hourMs) }),
    ...(state !== 'pending' && {
      last: {
        at: ago(9000 + index * 1700),
        durationSeconds: took,
        success: state !== 'down',
        ...(failing ?? (kind === 'http' && { statusCode: 200 })),
      },
    }),
    expectation: { maxLatencySeconds: limit, maxErrorRatio: 0.01, slo: 0.999 },
    sparkline: state === 'down' ? [...hours.slice(0, 23), null] : hours,
    days,
    availability: { last24h: share(days.slice(-1)), last30d: share(days.slice(-30)), last90d: share(days) },
    latency: { p50Seconds: sketch.pace, p95Seconds: p95 * 1.1 },
    ...(open && { openIncident: open }),
    runbook: `https://wiki.example.com/${index}`,
    ...(kind === 'http' &&
      state !== 'pending' && {
        phases:
          state === 'down'
            ? { resolve: 0.002, connect: 0.001, tls: 0.003, processing: 0.006 }
            : {
                resolve: took * 0.06,
                connect: took * 0.1,
                tls: took * 0.18,
                processing: took * 0.55,
                transfer: took * 0.11,
              },
        certificate: {
          expiresAt: new Date(demoNow.getTime() + (state === 'down' ? 9 : 61) * dayMs),
          minRemainingSeconds: 14 * 86_400,
          verified: true,
          subject: `CN=${new URL(instance).hostname}`,
          issuer: "CN=R11, O=Let's Encrypt",
        },
      }),
    facts:
      state === 'pending' || state === 'down'
        ? []
        : [{ label: 'response', value: 'HTTP/2 200 from 192.0.2.7, 512 bytes' }],
    credentials:
      name === 'stripe-charges'
        ? [{ name: 'oauth2', expiresAt: ago(-41 * 60_000), lifetimeSeconds: 3600 }]
        : [],
    expectations:
      kind === 'http'
        ? {
            status: ['2xx'],
            max_latency: `${limit * 1000}ms`,
            max_error_rate: '1%',
            slo: '99.9%',
            certificate_days: 14,
          }
        : { max_latency: `${limit * 1000}ms`, max_error_rate: '1%', slo: '99.9%' },
    incidents: known > 0 ? incidents : [],
  }
}

function seriesOf(sketch: Sketch, { from, to }: SeriesRange): LatencySeries {
  const span = to.getTime() - from.getTime()
  const hours = span > 2 * dayMs
  const stepMs = hours ? hourMs : Math.max(30_000, Math.floor(span / 500 / 30_000) * 30_000)
  const random = dice(sketch.name.length)
  const points: SeriesPoint[] = []
  const begin = Math.ceil(from.getTime() / stepMs) * stepMs
  const failingFrom = sketch.state === 'down' ? demoNow.getTime() - 3_672_000 : Infinity
  const known = demoNow.getTime() - (sketch.known ?? 90) * dayMs
  for (let at = begin; at < to.getTime(); at += stepMs) {
    const took = paceAt(sketch, at, random)
    const hole = at > demoNow.getTime() - 15 * hourMs && at < demoNow.getTime() - 14 * hourMs
    if (at < known || hole) {
      if (points.at(-1)?.checks !== 0)
        points.push({ at: new Date(at), checks: 0, failures: 0, p50Seconds: null, maxSeconds: null })
      continue
    }
    const failed = at >= failingFrom
    const checks = hours ? 120 : 1
    points.push({
      at: new Date(at),
      checks,
      failures: failed ? checks : 0,
      p50Seconds: failed ? null : took,
      maxSeconds: failed ? 0.012 : hours ? took * (1.3 + random()) : took,
    })
  }
  return {
    target: sketch.name,
    from,
    to,
    resolution: hours ? 'hours' : 'checks',
    stepSeconds: hours ? 3600 : 0,
    maxLatencySeconds: sketch.limit,
    points,
    marks: [],
  }
}

export interface DemoOptions {
  /** Default `ready`. */
  readonly history?: HistoryState
  /** Targets to add, by name. */
  readonly more?: number
  readonly publicTargets?: readonly string[]
  /** Default: that of the public targets. */
  readonly publicPages?: readonly PublicPage[]
}

/** A source with ten targets and three months behind them, of which one is down, one slow and one pending. */
export function demoStatus({
  history = 'ready',
  more = 0,
  publicTargets,
  publicPages,
}: DemoOptions = {}): StatusSource {
  const all = [
    ...sketches,
    ...Array.from({ length: more }, (_, i): Sketch => ({
      name: `service-${i}`,
      instance: `https://service-${i}.internal.example/health`,
      labels: { team: `team-${i % 12}` },
      pace: 0.1,
      limit: 0.5,
      bad: { [i % 90]: 0.01, [(i * 7) % 90]: 0.2 },
    })),
  ]
  const targets = all.map(detail).map((target): TargetDetail =>
    history === 'ready'
      ? target
      : {
          ...target,
          days: [],
          sparkline: [],
          latency: {},
          availability: { last24h: null, last30d: null, last90d: null },
        },
  )
  const find = (name: string): Sketch | undefined => all.find((sketch) => sketch.name === name)
  return {
    overview: () => Promise.resolve(targets),
    target: (name) => Promise.resolve(targets.find((target) => target.name === name)),
    beats(name) {
      const sketch = find(name)
      const from = ago(45 * 30_000)
      const points =
        sketch && sketch.state !== 'pending' ? seriesOf(sketch, { from, to: demoNow }).points : []
      return points.map(({ at, p50Seconds }) => ({ at, seconds: p50Seconds }))
    },
    elsewhere: () => Promise.resolve([]),
    seenFrom: () => Promise.resolve(undefined),
    calls: () => [],
    callsTarget: () => Promise.resolve(undefined),
    unmatchedCalls: () => new Map(),
    former: () => Promise.resolve(undefined),
    series(name, range) {
      const sketch = find(name)
      if (!sketch) return Promise.resolve(undefined)
      const series = seriesOf(sketch, range)
      return Promise.resolve(history === 'ready' ? series : { ...series, points: [] })
    },
    incidents: ({ limit, target }) =>
      Promise.resolve(
        all
          .filter(({ name }) => target === undefined || name === target)
          .flatMap(incidentsOf)
          .sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
          .slice(0, limit),
      ),
    history: () => history,
    pendingSince: () => undefined,
    publicPages: () => publicPages ?? (publicTargets ? [simplePage(publicTargets)] : []),
  }
}
