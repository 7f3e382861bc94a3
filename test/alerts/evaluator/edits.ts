import type { CallTarget } from '../../../src/config/target/calls.ts'
import type { Target } from '../../../src/config/target/target.ts'
import { aCallTarget } from '../../calls/support/calls.ts'
import { aTarget } from '../../support/target.ts'
import {
  evaluation,
  scrapePhase,
  type Calls,
  type Edit,
  type Outcome,
  type Pause,
  type Story,
  type Subject,
} from './story/story.ts'
import { randomFrom } from './timelines.ts'

/**
 * Stories that are made the other way round: the thresholds come first, and what happens lasts for exactly as long, or one evaluation
 * more or less. Somebody edits, renames, removes and adds targets meanwhile, and the process and its clock do what they like.
 */
export function editedStory(seed: number): Story {
  const dice = diceOf(seed)
  const length = dice.pick([1800, 3600, 3600, 5400])
  const jumps = dice.chance(0.3)
    ? [{ at: dice.moment(length), seconds: dice.pick([-86_400, -3600, -90, 90, 3600, 86_400]) }]
    : []
  const dependent = dice.chance(0.25)
  const about = { length, quiet: jumps.length > 0, quick: !dependent }
  const parent = dependent ? subjectOf(dice, { ...about, name: 'parent' }) : undefined
  const child = subjectOf(dice, { ...about, name: 'shop', ...(parent && { dependsOn: 'parent' }) })
  const subjects = parent ? [parent, child] : [child]
  const pauses = pausesOf(dice, length, subjects)
  return {
    name: `seed ${seed}`,
    length,
    subjects,
    pauses,
    jumps: jumps.filter(({ at }) => !pauses.some(({ from, until }) => at >= from && at <= until)),
  }
}

interface Dice {
  readonly pick: <T>(from: readonly T[]) => T
  readonly chance: (of: number) => boolean
  readonly whole: (from: number, to: number) => number
  /** One of the evaluations of a story, not the first few. */
  readonly moment: (length: number) => number
}

function diceOf(seed: number): Dice {
  const random = randomFrom(seed)
  // The first numbers of neighbouring seeds are alike.
  for (let index = 0; index < 5; index++) random()
  const whole = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1))
  return {
    pick: (from) => from[whole(0, from.length - 1)]!,
    chance: (of) => random() < of,
    whole,
    moment: (length) => evaluation * whole(4, length / evaluation - 4),
  }
}

/**
 * A process that only stands still decides nothing, where Prometheus ends alerts, and does not know that nobody scrapes a check: these
 * times are short, and every scrape is a check.
 */
function pausesOf(dice: Dice, length: number, subjects: readonly Subject[]): Pause[] {
  if (dice.chance(0.5)) return []
  const from = dice.moment(length - 600)
  const lasts = dice.pick([1, 2, 4, 5, 19, 20, 21, 40])
  const scrapedTwice = subjects.some(({ edits }) =>
    edits.some(({ target }) => target && target.interval > 60),
  )
  const restart = lasts > 5 || scrapedTwice || dice.chance(0.5)
  return [{ from, until: from + evaluation * lasts, restart }]
}

/** A time in which something is the case. */
interface Span {
  readonly from: number
  readonly until: number
}

/** Spans that last as long as something takes, one step more or one less. */
function spansOf(dice: Dice, length: number, lasts: readonly number[], unit: number): Span[] {
  const spans: Span[] = []
  let at = unit * dice.whole(2, 20)
  while (at < length) {
    const seconds = Math.max(unit, dice.pick(lasts) + unit * dice.pick([-1, 0, 0, 1]))
    spans.push({ from: at, until: at + seconds })
    at += seconds + unit * dice.pick([1, 1, 2, 5, 10, 30, 60])
  }
  return spans
}

const isIn = (spans: readonly Span[], at: number): boolean =>
  spans.some(({ from, until }) => at >= from && at < until)

interface About {
  readonly name: string
  readonly length: number
  /** Without what depends on the wall clock. */
  readonly quiet: boolean
  /** Whether it may be checked more often than rules are evaluated. */
  readonly quick: boolean
  readonly dependsOn?: string
}

function subjectOf(dice: Dice, about: About): Subject {
  const { name, length, quiet } = about
  const target = targetOf(dice, about)
  const callTarget = callTargetOf(dice, target)
  const { interval, alertAfter } = target
  const failing = spansOf(
    dice,
    length,
    [alertAfter, 2 * interval, interval, 300, 300 + alertAfter, 600],
    interval,
  )
  const slow = spansOf(dice, length, [300, 600, interval], Math.max(interval, evaluation))
  const reason = dice.pick(['connect', 'status', 'timeout'] as const)
  const renewedAt = dice.moment(length)
  const certificate = !quiet && dice.chance(0.3)
  return {
    name,
    edits: editsOf(dice, length, { target, ...(dice.chance(0.8) && { callTarget }) }),
    outcome: (at): Outcome => ({
      durationSeconds: isIn(slow, at) ? 2.5 : 0.25,
      ...(isIn(failing, at) && { reason }),
      ...(certificate && {
        certificateExpiry: target.expect.minCertificate + (at < renewedAt ? length / 2 : 90 * 86_400),
      }),
    }),
    calls: callsOf(dice, length, callTarget.expect.maxErrorRatio),
  }
}

function targetOf(dice: Dice, { name, quiet, quick, dependsOn }: About): Target {
  // With a dependent, both are checked at the same moments: what the stack learns between a check and its evaluation, solo cannot.
  const interval = dice.pick([...(quick ? [1, 5] : []), 15, 15, 30, 30, 60, 60, 120, 240])
  const maintainedFrom = dice.whole(10, 200) * evaluation
  const maintainedUntil = maintainedFrom + dice.pick([60, 300, 900])
  return aTarget({
    name,
    interval,
    alertAfter: dice.pick([interval / 2, 1.5 * interval, 2.5 * interval, 4.5 * interval, 2 * interval, 300]),
    severity: dice.pick(['critical', 'warning']),
    labels: { vendor: 'v' },
    expect: {
      maxLatency: 1,
      maxErrorRatio: dice.pick([0.01, 0.05, 0.2, 1]),
      slo: 0.951,
      minCertificate: 14 * 86_400,
    },
    ...(dependsOn !== undefined && { dependsOn: [dependsOn] }),
    // Outages of consecutive evaluations are one alert in the stack, and are not held back one by one.
    ...(!quiet &&
      interval >= evaluation &&
      dice.chance(0.25) && {
        maintenance: [
          {
            endAt: (at: number) =>
              at >= maintainedFrom && at < maintainedUntil ? maintainedUntil : undefined,
          },
        ],
      }),
  })
}

function callTargetOf(dice: Dice, { name, labels }: Target): CallTarget {
  const maxErrorRatio = dice.pick([0.01, 0.05, 0.1, 0.25])
  return aCallTarget(
    name,
    { host: 'pay' },
    { labels, probed: true, expect: { maxLatency: 1, maxErrorRatio } },
  )
}

/** What somebody does to the configuration of a target: most of the time nothing. */
function editsOf(dice: Dice, length: number, first: Omit<Edit, 'at'>): Edit[] {
  const edits: Edit[] = [{ ...first, at: 0 }]
  const count = dice.pick([0, 0, 1, 1, 2, 3])
  const moments = Array.from({ length: count }, () => dice.moment(length)).sort((a, b) => a - b)
  for (const at of new Set(moments)) edits.push({ ...editOf(dice, edits.at(-1)!, first), at })
  return edits
}

function editOf(
  dice: Dice,
  { target, callTarget }: Omit<Edit, 'at'>,
  first: Omit<Edit, 'at'>,
): Omit<Edit, 'at'> {
  // What is gone comes back as it was.
  if (!target) return first
  const { interval } = target
  return dice.pick<() => Omit<Edit, 'at'>>([
    () => ({}),
    () => ({ ...(callTarget && { callTarget }) }),
    () => ({ target }),
    () => ({ target, ...(first.callTarget && { callTarget: first.callTarget }) }),
    () => ({
      target: { ...target, severity: target.severity === 'critical' ? 'warning' : 'critical' },
      ...(callTarget && { callTarget }),
    }),
    () => {
      const labels = { vendor: dice.pick(['v', 'w']) }
      return { target: { ...target, labels }, ...(callTarget && { callTarget: { ...callTarget, labels } }) }
    },
    () => ({
      target: { ...target, alertAfter: dice.pick([0.5, 1.5, 2.5, 6]) * interval },
      ...(callTarget && { callTarget }),
    }),
    () => ({
      target: {
        ...target,
        expect: { ...target.expect, maxErrorRatio: dice.pick([0.01, 0.3]), maxLatency: dice.pick([1, 3]) },
      },
      ...(callTarget && {
        callTarget: { ...callTarget, expect: { maxLatency: 1, maxErrorRatio: dice.pick([0.01, 0.3]) } },
      }),
    }),
    () => ({
      target: { ...target, interval: dice.pick([15, 30, 60, 120]) },
      ...(callTarget && { callTarget }),
    }),
  ])()
}

/** Calls of one to three versions: few or many, steady or at once, failing as often as is allowed, or a little more. */
function callsOf(dice: Dice, length: number, allowed: number): Calls[] {
  return Array.from({ length: dice.pick([1, 1, 2, 2, 3]) }, (_, index) => index).flatMap((index) => {
    const caller = dice.pick(['shop', 'shop', 'shop', ''])
    const version = dice.pick([`1.${index}`, `1.${index}`, ''])
    const spans = dice.chance(0.5)
      ? [{ from: 0, until: length }]
      : spansOf(dice, length, [15, 300, 900, 1800], evaluation)
    const bad = spansOf(dice, length, [15, 60, 300, 600], evaluation)
    const slow = spansOf(dice, length, [15, 60, 300], evaluation)
    const each = dice.pick([1, 1, 2, 4, 20, 100])
    const every = dice.pick([1, 1, 1, 2, 10, 19])
    const share = dice.pick([allowed, 2 * allowed, 4 * allowed, 0.5, 1])
    const unknown = dice.chance(0.2)
    const made: Calls[] = []
    for (let at = scrapePhase, count = 0; at < length; at += evaluation, count++) {
      if (!isIn(spans, at) || count % every !== 0) continue
      const errors = isIn(bad, at) ? Math.min(each, Math.ceil(each * share)) : 0
      made.push({
        at,
        caller,
        version,
        ...(unknown ? { unknown: each } : { ok: each - errors, errors }),
        slow: isIn(slow, at) ? each : 0,
      })
    }
    return made
  })
}
