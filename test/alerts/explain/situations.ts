import fc from 'fast-check'
import { Evaluator } from '../../../src/alerts/evaluator/evaluator.ts'
import { alertRules } from '../../../src/alerts/evaluator/rules/index.ts'
import { explainPast } from '../../../src/alerts/explain/past.ts'
import type { Explanation } from '../../../src/alerts/explain/explanation.ts'
import type { PastCheck } from '../../../src/alerts/replay/past-check.ts'
import type { Target } from '../../../src/config/target/target.ts'
import { resultOf } from '../evaluator/timed-result.ts'
import {
  dependents,
  timelines,
  type TimedCheck,
  type Timeline,
  type TimelineShape,
} from '../evaluator/timelines.ts'

/** A story, and the moment at which somebody asks why. */
export interface Situation {
  readonly timeline: Timeline
  /** Seconds from the beginning, on an evaluation. */
  readonly at: number
}

const step = 15

/** Most of them at a moment at which something happens: shortly after a failed check. */
export function situations(shape: TimelineShape, dependent = false): fc.Arbitrary<Situation> {
  const stories = dependent ? dependents(shape) : timelines(shape)
  return fc
    .record({ story: stories, where: fc.double({ min: 0.3, max: 1, noNaN: true }) })
    .map(({ story, where }) => {
      const wanted = where * story.length
      const failed = story.checks.find(({ at, reason }) => at >= wanted && reason !== undefined)
      const at = Math.ceil(((failed?.at ?? wanted) + 11) / step) * step
      return { timeline: named(story), at: Math.min(at, Math.floor(story.length / step) * step) }
    })
}

function named({ parent, ...timeline }: Timeline): Timeline {
  if (!parent) return timeline
  const above = { ...parent, target: { ...parent.target, name: 'bank', instance: 'http://127.0.0.2/' } }
  return { ...timeline, parent: above, target: { ...timeline.target, dependsOn: ['bank'] } }
}

/** The stories of all targets of a situation. */
function storiesOf({ timeline }: Situation): readonly Timeline[] {
  return timeline.parent ? [timeline.parent, timeline] : [timeline]
}

const endOf = ({ at, durationSeconds }: Pick<TimedCheck, 'at' | 'durationSeconds'>): number =>
  at + durationSeconds

/** The checks of all targets that ended by then, in that order. */
function checksUntil(situation: Situation): (TimedCheck & { readonly target: Target })[] {
  return storiesOf(situation)
    .flatMap(({ target, checks }) => checks.map((check) => ({ ...check, target })))
    .filter((check) => endOf(check) <= situation.at)
    .sort((a, b) => endOf(a) - endOf(b))
}

/** What is explained of the checks until then. */
export function explained(situation: Situation, horizon: number): Promise<Explanation> {
  return explainPast({
    target: situation.timeline.target,
    targets: storiesOf(situation).map(({ target }) => target),
    location: 'here',
    checks: checksUntil(situation).map(({ target, at, durationSeconds, ...check }): PastCheck => ({
      target: target.name,
      location: 'here',
      at,
      durationSeconds,
      ...(check.reason && { failure: { reason: check.reason, message: 'as told' } }),
      seen: resultOf({ at, durationSeconds, ...check }),
    })),
    at: situation.at,
    horizon,
    channels: () => [],
    rules: alertRules,
  })
}

/** What an evaluator comes to that is asked directly. */
export interface Outcome {
  /** The ids of the rules that fire at the moment of the situation. */
  readonly firing: ReadonlySet<string>
  /** What their alerts say. */
  readonly summaries: ReadonlyMap<string, string>
  /** When each rule began or stopped to fire for the first time after it, while each check came to the same as the newest one. */
  readonly changes: ReadonlyMap<string, number>
}

/** Lets it happen. */
export function happened(situation: Situation, horizon: number): Outcome {
  const { at, timeline } = situation
  const targets = storiesOf(situation).map(({ target }) => target)
  const evaluator = new Evaluator({
    location: 'here',
    lingers: 'again',
    rules: { targets: alertRules, calls: [], versions: [] },
  })
  const past = checksUntil(situation)
  evaluator.setTargets({ targets }, endOf(past[0]!))
  let tick = Math.ceil(endOf(past[0]!) / step) * step
  const firing = (now: number): Map<string, string> =>
    new Map(
      evaluator
        .examine(timeline.target.name, now)
        ?.rules.flatMap(({ rule, firing: alert }) =>
          alert ? [[rule.id, alert.annotations.summary ?? ''] as const] : [],
        ),
    )
  const changes = new Map<string, number>()
  let before = new Map<string, string>()
  const note = (now: number): void => {
    const after = firing(now)
    for (const { id } of alertRules)
      if (before.has(id) !== after.has(id) && !changes.has(id)) changes.set(id, now)
  }
  const goTo = (now: number): void => {
    for (; tick <= now; tick += step) {
      evaluator.tick(tick)
      note(tick)
    }
  }
  const make = (check: (typeof past)[number]): void => {
    goTo(endOf(check))
    evaluator.observe(check.target, resultOf(check), check.at, endOf(check))
    note(endOf(check))
  }
  for (const check of past) make(check)
  goTo(at)
  before = firing(at)
  changes.clear()
  const coming = targets.flatMap((target) => {
    const last = past.findLast((check) => check.target === target)
    if (!last) return []
    const first = Math.max(1, Math.floor((at - endOf(last)) / target.interval) + 1)
    const count = Math.ceil(horizon / target.interval) + 1
    return Array.from({ length: count }, (_, index) => ({
      ...last,
      at: last.at + (first + index) * target.interval,
    }))
  })
  for (const check of coming.sort((a, b) => endOf(a) - endOf(b)))
    if (endOf(check) <= at + horizon) make(check)
  goTo(at + horizon)
  return { firing: new Set(before.keys()), summaries: before, changes }
}
