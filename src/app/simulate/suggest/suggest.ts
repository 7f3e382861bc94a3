import type { Config } from '../../../config/config.ts'
import type { Target } from '../../../config/target/target.ts'
import { complement } from '../../../settings/values/ratio.ts'
import { groupBy } from '../../../lib/group-by.ts'
import type { Verdict } from '../../../alerts/replay/verdicts.ts'
import { simulate, type Simulation, type SimulationRequest } from '../simulate.ts'
import type { StoredPast } from '../stored.ts'
import { propose, type Proposal } from './proposals.ts'

export interface SuggestRequest extends Pick<SimulationRequest, 'short'> {
  readonly config: Pick<Config, 'targets' | 'originOf'>
  /** The targets to suggest something for. Default: all. */
  readonly names?: readonly string[]
  readonly past: StoredPast
}

/** Values that would have suited a target better, and what they change. */
export interface Suggestion {
  readonly target: string
  readonly proposal: Proposal
  /** What the alerts of today were worth, and what they would have been if all suggestions were followed. */
  readonly today: Verdict
  readonly suggested: Verdict
}

/** A target with too little past to say anything. */
export interface TooThin {
  readonly target: string
  readonly days: number
  readonly checks: number
}

export interface Suggestions {
  /** Unix seconds. */
  readonly from: number
  readonly to: number
  readonly firstAt?: number
  readonly checks: number
  readonly suggestions: readonly Suggestion[]
  /** Targets of which today's values are as good as any that were tried. */
  readonly asGood: readonly string[]
  readonly tooThin: readonly TooThin[]
}

/** What there has to be of a target: less than a week knows no weekend, and fewer checks are few failures. */
export const enough = { days: 7, checks: 1000 }

/** Plays at most: each but the last finds suggestions that are not better, and what depended on them is played again. */
const mostPlays = 4

/** Finds values of `alert_after`, `max_latency` and `max_error_rate` that would have suited the past better, and plays them. */
export async function suggest({ config, names, past, short }: SuggestRequest): Promise<Suggestions> {
  const { from, to, checks } = past
  const play = (targets: readonly Target[]): Promise<Simulation> =>
    simulate({
      candidates: [{ name: '', config: { targets } }],
      judged: config.targets,
      ...{ from, to, short, checks: checks() },
    })
  const found = await play(config.targets)
  const wanted = config.targets.filter(({ name }) => names?.includes(name) ?? true)
  const tooThin = wanted.flatMap((target) => thinnessOf(target, found))
  const isThin = new Set(tooThin.map(({ target }) => target))
  let proposals = proposalsFor(
    wanted.filter(({ name }) => !isThin.has(name)),
    found,
    { short, until: to },
  )
  let suggestions: Suggestion[] = []
  for (let plays = 0; proposals.size > 0 && plays < mostPlays; plays++) {
    const targets = config.targets.map((target) => withProposal(target, proposals.get(target.name), config))
    suggestions = compared(proposals, found, await play(targets))
    const better = new Map(suggestions.map(({ target, proposal }) => [target, proposal]))
    const dropped = [...proposals.keys()].filter((name) => !better.has(name))
    proposals = better
    if (!config.targets.some(({ dependsOn = [] }) => dropped.some((name) => dependsOn.includes(name)))) break
  }
  const isChanged = new Set(suggestions.map(({ target }) => target))
  return {
    from,
    to,
    ...(found.firstAt !== undefined && { firstAt: found.firstAt }),
    checks: found.checks,
    suggestions,
    asGood: wanted.map(({ name }) => name).filter((name) => !isThin.has(name) && !isChanged.has(name)),
    tooThin,
  }
}

function thinnessOf({ name }: Target, { usual }: Simulation): TooThin[] {
  const own = usual.find(({ target }) => target === name)
  const days = own ? (own.lastAt - own.firstAt) / 86_400 : 0
  const checks = own?.checks ?? 0
  // The first and the last check of seven days are not quite seven days apart.
  return days > enough.days - 0.1 && checks >= enough.checks ? [] : [{ target: name, days, checks }]
}

function proposalsFor(
  targets: readonly Target[],
  { usual, outages, played }: Simulation,
  limits: { readonly short: number; readonly until: number },
): Map<string, Proposal> {
  const usualOf = new Map(usual.map((one) => [one.target, one]))
  const outagesOf = groupBy(outages, ({ target }) => target)
  const verdictOf = new Map(played[0]?.verdicts.map((verdict) => [verdict.target, verdict]))
  return new Map(
    targets.flatMap((target) => {
      const { name, was = [] } = target
      const [own, verdict] = [usualOf.get(name), verdictOf.get(name)]
      if (!own || !verdict) return []
      const past = [name, ...was].flatMap((one) => outagesOf.get(one) ?? [])
      const proposal = propose({ target, usual: own, outages: past, verdict }, limits)
      return Object.keys(proposal).length === 0 ? [] : [[name, proposal]]
    }),
  )
}

/** The target as it would be read with the suggested values. */
export function withProposal(
  target: Target,
  { alertAfter, maxLatency, maxErrorRatio }: Proposal = {},
  { originOf }: Pick<Config, 'originOf'>,
): Target {
  // What nobody wrote follows from the share that may fail.
  const follows = originOf?.(target.name, ['expect', 'slo'])?.startsWith('100% less') ?? false
  return {
    ...target,
    ...(alertAfter !== undefined && { alertAfter: (alertAfter - 0.5) * target.interval }),
    expect: {
      ...target.expect,
      ...(maxLatency !== undefined && { maxLatency }),
      ...(maxErrorRatio !== undefined && {
        maxErrorRatio,
        ...(follows && { slo: complement(maxErrorRatio) }),
      }),
    },
  }
}

/** The suggestions that are better than today. */
function compared(
  proposals: ReadonlyMap<string, Proposal>,
  { played: [now] }: Simulation,
  { played: [then] }: Simulation,
): Suggestion[] {
  const after = new Map(then?.verdicts.map((verdict) => [verdict.target, verdict]))
  return (now?.verdicts ?? []).flatMap((today) => {
    const [proposal, suggested] = [proposals.get(today.target), after.get(today.target)]
    if (!proposal || !suggested || !isBetter(suggested, today)) return []
    return [{ target: today.target, proposal, today, suggested }]
  })
}

/** Fewer missed, then fewer false alarms, then sooner. */
function isBetter(a: Verdict, b: Verdict): boolean {
  if (a.missed !== b.missed) return a.missed < b.missed
  if (a.falseAlarms !== b.falseAlarms) return a.falseAlarms < b.falseAlarms
  return (a.untilNotified ?? Infinity) < (b.untilNotified ?? Infinity)
}
