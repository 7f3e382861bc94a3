import type { FailureReason } from '../../../src/net/failure.ts'
import fc from 'fast-check'
import { scrapeInterval } from '../../../src/config/target/scrape-interval.ts'
import type { Target } from '../../../src/config/target/target.ts'
import { aTarget } from '../../support/target.ts'

/** What one check came to. Times are seconds from the beginning. */
export interface TimedCheck {
  readonly at: number
  readonly durationSeconds: number
  readonly reason?: FailureReason
  readonly certificateExpiry?: number
  /** Absent where the certificate does not verify. */
  readonly chainExpiry?: number
}

/** A time in which nothing is checked: the process is gone, and forgets the checks before, or it only stands still. */
export interface Gap {
  readonly from: number
  readonly until: number
  readonly restart: boolean
}

/** The story of one target. */
export interface Timeline {
  readonly target: Target
  readonly checks: readonly TimedCheck[]
  readonly gaps: readonly Gap[]
  readonly length: number
  /** The story of what it depends on, in the same process. Without gaps in either. */
  readonly parent?: Timeline
}

/** A part of a story: so many checks of one sort. */
type Spell =
  | { readonly kind: 'fine' | 'slow' | 'down'; readonly checks: number }
  /** Fails with this probability. */
  | { readonly kind: 'erroneous'; readonly checks: number; readonly share: number }
  | { readonly kind: 'gap'; readonly scrapes: number; readonly restart: boolean }

const day = 86_400

/**
 * The first check. No evaluation then falls on a moment that is a whole window after a check: of such a check Prometheus 2 and
 * 3 think differently.
 */
export const firstCheckAt = 5

export interface TimelineShape {
  readonly intervals: readonly number[]
  /** Seconds. */
  readonly length: number
  /** Scrapes that a gap lasts at most. */
  readonly longestGap: number
}

function spell(longest: number, longestGap: number): fc.Arbitrary<Spell> {
  const checks = fc.integer({ min: 1, max: longest })
  return fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('fine' as const), checks }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('slow' as const), checks }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('down' as const), checks: fc.integer({ min: 1, max: 8 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('erroneous' as const),
        checks,
        share: fc.constantFrom(0.05, 0.1, 0.2, 0.5),
      }),
    },
    {
      weight: longestGap > 0 ? 1 : 0,
      arbitrary: fc.record({
        kind: fc.constant('gap' as const),
        scrapes: fc.integer({ min: 1, max: Math.max(1, longestGap) }),
        restart: fc.boolean(),
      }),
    },
  )
}

/**
 * Stories of targets that depend on another: most of the time that one fails, they fail too, a little earlier or later, and
 * each has a story of its own. Some are in maintenance at times.
 */
export function dependents(shape: Omit<TimelineShape, 'longestGap'>): fc.Arbitrary<Timeline> {
  const one = timelines({ ...shape, longestGap: 0 })
  return fc
    .record({
      parent: one,
      own: one,
      lag: fc.integer({ min: -3, max: 4 }),
      from: fc.integer({ min: 0, max: shape.length }),
      lasts: fc.constantFrom(0, 300, 900),
    })
    .map(({ parent, own, lag, from, lasts }) => {
      const failing = (at: number): boolean =>
        parent.checks.findLast((check) => check.at <= at)?.reason !== undefined
      const to = from + lasts
      const window = { endAt: (at: number) => (at >= from && at < to ? to : undefined) }
      return {
        ...own,
        parent,
        target: { ...own.target, ...(lasts > 0 && { maintenance: [window] }) },
        checks: own.checks.map((check) =>
          failing(check.at - lag * own.target.interval) ? { ...check, reason: 'connect' as const } : check,
        ),
      }
    })
}

const reasons = ['status', 'timeout', 'connect'] as const

/** How many checks in a row have to succeed after an outage. */
const recoverAfter = [1, 1, 2, 1, 3] as const

/** Seconds that 1 check in 100 may exceed, where there is a limit. */
const tails = [undefined, 1, 2] as const

/** How the chain that verifies compares with what was sent: a server may send more than that, or less. */
const chains = ['as sent', 'as sent', 'ends later', 'ends earlier', 'never', 'sometimes'] as const

/** Stories of targets: outages, flapping, slow spells, certificates that end, restarts, gaps. */
export function timelines({ intervals, length, longestGap }: TimelineShape): fc.Arbitrary<Timeline> {
  return fc
    .record({
      interval: fc.constantFrom(...intervals),
      checksToAlert: fc.constantFrom(1, 2, 3, 3, 5),
      alertSeconds: fc.option(fc.constantFrom(60, 300, 1800), { freq: 6 }),
      maxErrorRatio: fc.constantFrom(0.01, 0.05, 0.05, 1),
      certificate: fc.option(fc.constantFrom(14 * day, 3 * day, 0), { freq: 2 }),
      certificateOffset: fc.integer({ min: -3600, max: length }),
      renewedAt: fc.integer({ min: 0, max: 2 * length }),
      runbook: fc.boolean(),
      reason: fc.constantFrom(...reasons),
      seed: fc.integer({ min: 1 }),
    })
    .chain((chosen) => {
      const count = Math.ceil(length / chosen.interval)
      return fc
        .array(spell(Math.max(2, Math.ceil(count / 4)), longestGap), { minLength: 3, maxLength: 12 })
        .map((spells) => tell(chosen, spells, length))
    })
}

interface Chosen {
  readonly interval: number
  readonly checksToAlert: number
  readonly alertSeconds: number | null
  readonly maxErrorRatio: number
  readonly certificate: number | null
  readonly certificateOffset: number
  readonly renewedAt: number
  readonly runbook: boolean
  readonly reason: FailureReason
  readonly seed: number
}

function tell(chosen: Chosen, spells: readonly Spell[], length: number): Timeline {
  const { interval, reason, certificate } = chosen
  const random = randomFrom(chosen.seed)
  const checks: TimedCheck[] = []
  const gaps: Gap[] = []
  let at = firstCheckAt
  const chain = chains[chosen.seed % chains.length] ?? 'as sent'
  const expiry = (now: number): Pick<TimedCheck, 'certificateExpiry' | 'chainExpiry'> => {
    if (certificate === null) return {}
    const ends = certificate + chosen.certificateOffset
    const certificateExpiry = now < chosen.renewedAt ? ends : ends + 60 * day
    const chainExpiry = {
      'as sent': certificateExpiry,
      'ends later': certificateExpiry + 30 * day,
      'ends earlier': certificateExpiry - 300,
      never: undefined,
      sometimes: Math.floor(now / interval) % 3 === 0 ? undefined : certificateExpiry + 30 * day,
    }[chain]
    return { certificateExpiry, ...(chainExpiry !== undefined && { chainExpiry }) }
  }
  const fine = (): TimedCheck => ({ at, durationSeconds: pick(random, [0.125, 0.25, 0.5]), ...expiry(at) })
  // Where it refuses the connection it shows no certificate.
  const failed = (): TimedCheck => ({
    at,
    durationSeconds: reason === 'timeout' ? 10 : 0.0625,
    reason,
    ...(reason === 'status' && expiry(at)),
  })
  const makers = {
    fine,
    slow: (): TimedCheck => ({ ...fine(), durationSeconds: pick(random, [0.75, 1.25, 1.5, 2.5]) }),
    down: failed,
  }
  for (const part of spells) {
    if (part.kind === 'gap') {
      // A process begins with a check.
      if (checks.length === 0) continue
      const until = at + part.scrapes * scrapeInterval(interval)
      if (gaps.at(-1)?.until === at) continue
      gaps.push({ from: at, until, restart: part.restart })
      at = until
      continue
    }
    for (let made = 0; made < part.checks && at < length; made++) {
      if (part.kind === 'erroneous') checks.push(random() < part.share ? failed() : fine())
      else checks.push(makers[part.kind]())
      at += interval
    }
  }
  for (; at < length; at += interval) checks.push(fine())
  const { checksToAlert, alertSeconds } = chosen
  const tail = tails[chosen.seed % tails.length]
  const target = aTarget({
    interval,
    alertAfter: alertSeconds ?? (checksToAlert - 0.5) * interval,
    recoverAfter: recoverAfter[chosen.seed % recoverAfter.length]!,
    ...(chosen.runbook && { runbook: 'https://wiki.example.com/x' }),
    expect: {
      maxLatency: 1,
      ...(tail !== undefined && { maxLatencyP99: tail }),
      ...(chosen.seed % 2 === 0 && { latencySpike: 2 }),
      maxErrorRatio: chosen.maxErrorRatio,
      slo: 0.951,
      minCertificate: 14 * day,
    },
  })
  return { target, checks, gaps: gaps.filter(({ from }) => from < length), length }
}

function pick<T>(random: () => number, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)]!
}

/** Numbers from 0 to 1 that are the same for a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
