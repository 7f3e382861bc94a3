import type { Target } from '../../config/target/target.ts'
import { lowerBound } from '../evaluator/rules/wilson.ts'
import { blockSeconds, createLevels, type Blocks, type Levels } from './levels.ts'
import type { PastCheck } from './past-check.ts'

/** A time in which a target was much slower than it is when it is busy, or failed much more often. Times are unix seconds. */
export interface Spell {
  readonly kind: 'slow' | 'failing'
  readonly target: string
  readonly location: string
  readonly startedAt: number
  readonly endedAt: number
}

/** What is usual of a target, over all its locations. */
export interface Usual {
  readonly target: string
  /** Seconds. In 95 of 100 blocks of five minutes, half of the checks took at most this. */
  readonly busyLatency: number
  /** Seconds that are out of the ordinary. */
  readonly slowAbove: number
  /** 0 to 1: a share of failed checks that is out of the ordinary. */
  readonly failingAbove: number
  /** Of its checks, in unix seconds. */
  readonly firstAt: number
  readonly lastAt: number
  readonly checks: number
}

/** Finds what is out of the ordinary in checks that come in order. */
export interface SpellList {
  readonly observe: (check: PastCheck) => void
  /** What is usual of each target that was checked, and every spell in the order in which they began. */
  readonly finish: () => { readonly usual: readonly Usual[]; readonly spells: readonly Spell[] }
}

/** Seconds. Of a longer interval, five minutes hold too few checks, and the rules look back a day. */
export const longestJudged = 240

/** How much more than usual is out of the ordinary. */
const factor = 2
/** What is not worth an alert, however unusual: seconds, and a share of failed checks. Where less is expected, that counts. */
const floor = { latency: 0.25, ratio: 0.05 }
/** Blocks of five minutes that a slow spell has at least: less does not last as long as an alert about it. */
const slowBlocks = 2
/** Blocks of the hour that TargetErrorRateHigh looks back. */
const hourBlocks = 3600 / blockSeconds

/** @param targets Those of today: what is expected counts, even if it is less than usual. */
export function createSpells(targets: readonly Target[]): SpellList {
  const byName = new Map(
    targets.flatMap((target) => {
      const past: Past = { target, firstAt: NaN, lastAt: NaN, checks: 0, levels: new Map() }
      return [target.name, ...(target.was ?? [])].map((name) => [name, past])
    }),
  )

  return {
    observe({ target: name, location, at, durationSeconds, failure }) {
      const past = byName.get(name)
      if (!past) return
      if (past.checks++ === 0) past.firstAt = at
      past.lastAt = at
      if (past.target.interval > longestJudged) return
      let levels = past.levels.get(location)
      if (!levels) past.levels.set(location, (levels = createLevels()))
      levels.add(at, durationSeconds, failure !== undefined)
    },
    finish() {
      const usual: Usual[] = []
      const spells: Spell[] = []
      for (const past of new Set(byName.values())) {
        if (past.checks === 0) continue
        const found = spellsOf(past)
        usual.push(found.usual)
        spells.push(...found.spells)
      }
      return { usual, spells: spells.sort((a, b) => a.startedAt - b.startedAt) }
    },
  }
}

/** What is known of one target. */
interface Past {
  readonly target: Target
  firstAt: number
  lastAt: number
  checks: number
  /** By location. */
  readonly levels: Map<string, Levels>
}

function spellsOf({ target, levels, ...extent }: Past): { usual: Usual; spells: Spell[] } {
  const { name, expect } = target
  const places = [...levels].map(([location, some]) => {
    const blocks = some.blocks()
    return { of: { target: name, location }, blocks, hours: hoursOf(blocks) }
  })
  const busyLatency = busiest(places.flatMap(({ blocks: { count, median } }) => column(count, median)))
  const ratios = places.flatMap(({ hours }) => hours.map(({ failed, checks }) => failed / checks))
  const slowAbove = Math.max(factor * busyLatency, Math.min(floor.latency, expect.maxLatency))
  const failingAbove = Math.max(factor * busiest(ratios), Math.min(floor.ratio, expect.maxErrorRatio))
  const spells = places.flatMap(({ of, blocks, hours }) => [
    ...slowSpells(blocks, slowAbove).map((time): Spell => ({ kind: 'slow', ...of, ...time })),
    ...failingSpells(hours, failingAbove).map((time): Spell => ({ kind: 'failing', ...of, ...time })),
  ])
  return { usual: { target: name, busyLatency, slowAbove, failingAbove, ...extent }, spells }
}

type Time = Pick<Spell, 'startedAt' | 'endedAt'>

function slowSpells({ count, startOf, median }: Blocks, above: number): Time[] {
  const slow = column(count, (index) => index).filter((index) => median(index) > above)
  return joined(
    slow.map((index) => ({ startedAt: startOf(index), endedAt: startOf(index) + blockSeconds })),
  ).filter(({ startedAt, endedAt }) => endedAt - startedAt >= slowBlocks * blockSeconds)
}

interface Hour extends Time {
  readonly failed: number
  readonly checks: number
}

/** What each hour came to that begins with a block. */
function hoursOf({ count, startOf, failed, checks }: Blocks): Hour[] {
  const hours: Hour[] = []
  let first = 0
  const sum = { failed: 0, checks: 0 }
  for (let last = 0; last < count; last++) {
    sum.failed += failed(last)
    sum.checks += checks(last)
    const endedAt = startOf(last) + blockSeconds
    for (; startOf(first) < endedAt - hourBlocks * blockSeconds; first++) {
      sum.failed -= failed(first)
      sum.checks -= checks(first)
    }
    hours.push({ startedAt: endedAt - hourBlocks * blockSeconds, endedAt, ...sum })
  }
  return hours
}

/** As TargetErrorRateHigh has it: more failures than chance explains. */
function failingSpells(hours: readonly Hour[], above: number): Time[] {
  return joined(hours.filter(({ failed, checks }) => failed >= 3 && lowerBound(failed, checks, 2) > above))
}

/** Times that touch are one. They come in order. */
function joined(times: readonly Time[]): Time[] {
  const all: Time[] = []
  for (const { startedAt, endedAt } of times) {
    const last = all.at(-1)
    if (last && startedAt <= last.endedAt) all[all.length - 1] = { startedAt: last.startedAt, endedAt }
    else all.push({ startedAt, endedAt })
  }
  return all
}

/** What 95 of 100 do not exceed; 0 of nothing. */
function busiest(values: readonly number[]): number {
  const ascending = Float64Array.from(values).sort()
  // Kept with seven digits: 0.3 s would otherwise be a little more than that.
  return Number((ascending[Math.floor((ascending.length - 1) * 0.95)] ?? 0).toPrecision(6))
}

function column(count: number, of: (index: number) => number): number[] {
  return Array.from({ length: count }, (_none, index) => of(index))
}
