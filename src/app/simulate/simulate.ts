import type { Config } from '../../config/config.ts'
import type { Target } from '../../config/target/target.ts'
import { noticeOf, tally, type Notice, type Tally } from '../../alerts/replay/compare.ts'
import { createOutages, type Outage } from '../../alerts/replay/outages.ts'
import { createSpells, type Spell, type Usual } from '../../alerts/replay/spells.ts'
import { judge, troublesOf, type Troubles, type Verdict } from '../../alerts/replay/verdicts.ts'
import type { PastCheck } from '../../alerts/replay/past-check.ts'
import { startReplay, type Replay } from '../../alerts/replay/replay.ts'
import type { Told } from '../../alerts/replay/told.ts'
import { groupBy } from '../../lib/group-by.ts'
import { unanswerable, type Unanswerable } from './unanswerable.ts'

/** A configuration that is to be played, and what it is called in the result. */
export interface Candidate {
  readonly name: string
  readonly config: Pick<Config, 'targets'>
}

export interface SimulationRequest {
  /** The configuration of today, and the edited one where there is one. */
  readonly candidates: readonly [current: Candidate, edited?: Candidate]
  /** Unix seconds. Alerts that ended before it are left out: `checks` may begin earlier, for the rules that look back. */
  readonly from: number
  readonly to: number
  /** Seconds. An alert that is over within it was not worth a notification, and so short an outage needs no alert. */
  readonly short: number
  /** Those by whose expectations it is judged what was worth an alert. Default: those of the current configuration. */
  readonly judged?: readonly Target[]
  /** In the order in which they ended. */
  readonly checks: AsyncIterable<readonly PastCheck[]>
}

/** What one configuration would have told. */
export interface Played {
  readonly name: string
  readonly told: readonly Told[]
  readonly tallies: readonly Tally[]
  /** How well they fit what happened, of each target of today that was checked and that this configuration has, in its order. */
  readonly verdicts: readonly Verdict[]
}

/** An outage, and what each configuration reported during it, in their order. */
export interface JudgedOutage extends Outage {
  readonly notices: readonly Notice[]
}

export interface Simulation {
  /** Unix seconds. */
  readonly from: number
  readonly to: number
  /** When the first check of the range was made; absent where there was none. */
  readonly firstAt?: number
  readonly checks: number
  readonly played: readonly Played[]
  readonly outages: readonly JudgedOutage[]
  /** When a target was out of the ordinary without an outage of more than `short`. */
  readonly spells: readonly Spell[]
  /** How each target of today that was checked usually is, in its order. */
  readonly usual: readonly Usual[]
  /** The outages of more than `short` that the current configuration told and the edited one would not have. */
  readonly missed: readonly JudgedOutage[]
  /** The targets of the edited configuration that have no past. */
  readonly withoutPast: readonly string[]
  readonly unanswerable: readonly Unanswerable[]
}

/** Plays the past through each configuration, in one pass. */
export async function simulate(request: SimulationRequest): Promise<Simulation> {
  const { candidates, from, to, short } = request
  const [current, edited = current] = candidates
  const { judged: expected = current.config.targets } = request
  const players = candidates.flatMap((one) => (one ? [createPlayer(one)] : []))
  const outages = createOutages()
  const unusual = createSpells(expected)
  const seen = new Set<string>()
  let count = 0
  let firstAt: number | undefined

  for await (const some of request.checks) {
    for (const check of some) {
      for (const player of players) player.observe(check)
      if (check.at < from) continue
      outages.observe(check)
      unusual.observe(check)
      seen.add(check.target)
      count++
      firstAt ??= check.at
    }
  }
  const { usual, spells: all } = unusual.finish()
  const troubles = troublesOf(outages.all(), all, { until: to, short })
  const played = players.map((player) => {
    const told = player.finish(to).filter(({ endedAt }) => endedAt === undefined || endedAt > from)
    return { ...player, told }
  })
  const judged = outages.all().map((outage) => ({
    ...outage,
    notices: played.map(({ told, nameOf }) => noticeOf(outage, told, nameOf)),
  }))
  const missed = judged.filter(
    ({ startedAt, endedAt = to, notices: [now, later] }) =>
      endedAt - startedAt > short &&
      now?.after !== undefined &&
      later !== undefined &&
      later.after === undefined,
  )
  const withoutPast = edited.config.targets.filter(
    ({ name, was = [] }) => ![name, ...was].some((one) => seen.has(one)),
  )
  return {
    from,
    to,
    ...(firstAt !== undefined && { firstAt }),
    checks: count,
    played: played.map(({ name, told, nameOf }) => ({
      name,
      told,
      tallies: tally(told, { until: to, short }),
      verdicts: verdictsOn(expected, usual, { told, nameOf }, troubles, from),
    })),
    outages: judged,
    spells: troubles.spells,
    usual,
    missed,
    withoutPast: withoutPast.map(({ name }) => name),
    unanswerable: unanswerable(current.config.targets, edited.config.targets),
  }
}

/** How well the alerts of one configuration fit each target of today that was checked. */
function verdictsOn(
  targets: readonly Target[],
  usual: readonly Usual[],
  { told, nameOf }: Pick<Player, 'nameOf'> & Pick<Played, 'told'>,
  { outages, spells }: Troubles,
  from: number,
): Verdict[] {
  const toldOf = groupBy(told, ({ target }) => target)
  const checked = new Set(usual.map(({ target }) => target))
  const canonical = new Map(
    targets.flatMap(({ name, was = [] }) => [name, ...was].map((one) => [one, name] as const)),
  )
  const outagesOf = groupBy(outages, ({ target }) => canonical.get(target))
  const spellsOf = groupBy(spells, ({ target }) => target)
  return targets.flatMap(({ name }) => {
    const known = nameOf(name)
    if (!checked.has(name) || known === undefined) return []
    const troubles = { outages: outagesOf.get(name) ?? [], spells: spellsOf.get(name) ?? [] }
    return [judge(known, toldOf.get(known) ?? [], troubles, from)]
  })
}

interface Player extends Pick<Replay, 'observe' | 'finish'> {
  readonly name: string
  readonly nameOf: (stored: string) => string | undefined
}

/** Plays each location by itself, as its own process would. */
function createPlayer({ name, config: { targets } }: Candidate): Player {
  const names = new Map(
    targets.flatMap((target: Target) =>
      [target.name, ...(target.was ?? [])].map((one) => [one, target.name]),
    ),
  )
  const replays = new Map<string, Replay>()
  return {
    name,
    nameOf: (stored) => names.get(stored),
    observe(check) {
      const { location } = check
      let replay = replays.get(location)
      if (!replay) replays.set(location, (replay = startReplay(targets, location)))
      replay.observe(check)
    },
    finish: (at) =>
      [...replays.values()].flatMap((replay) => replay.finish(at)).sort((a, b) => a.beganAt - b.beganAt),
  }
}
