import { findTarget, listedTargets, type Config } from '../../config/config.ts'
import type { CallTarget } from '../../config/target/calls.ts'
import type { Target } from '../../config/target/target.ts'
import { briefly } from '../../lib/time/briefly.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { ProbeResult } from '../../checks/result.ts'
import { latestCommands, withCommands, type RunsOf } from './command-runs.ts'
import { callsDetail, callsStatus, noCalls, type SeenCalls } from './calls.ts'
import { elsewhereOf, locationsOf } from './locations.ts'
import type { ElsewherePast, LocationPast } from './location.ts'
import { askPast, type AskPastOptions } from './ask-past.ts'
import { isAbout } from './marks.ts'
import type { PastIncident, TargetPast } from './past.ts'
import { rememberRecent, type Recent } from './recent.ts'
import { isAsked, keyOf, withWitnesses } from './incident-query.ts'
import { sharedLocations } from './shared-locations.ts'
import type { KnownOfFailing } from './failing.ts'
import type { SilencedMark, Silencing } from './silences.ts'
import type { Incident, IncidentQuery, StatusSource, TargetStatus } from './status.ts'
import { targetDetail } from './detail.ts'
import { limitOf, shownText, targetStatus, withMark } from './state.ts'
import type { VendorSaid } from './vendor.ts'

export interface StatusSourceOptions extends AskPastOptions {
  /** The configuration in force. */
  readonly config: () => Config
  /** The last result of a target, where there is one. */
  readonly lastResult: (target: Target) => ProbeResult | undefined
  /** What is seen of calls. Default: nothing. */
  readonly calls?: SeenCalls
  /** Of which targets the messages are held back. Default: nobody knows. */
  readonly silenced?: Silencing['marks'] | undefined
  /** What a vendor says of itself. Default: nobody reads that. */
  readonly vendorSays?: (vendor: string) => VendorSaid | undefined
  /** What is known of a target that fails, besides its own checks. Default: nothing. */
  readonly failing?: (name: string) => KnownOfFailing
  /** What commands did. Default: nobody knows. */
  readonly runsOf?: RunsOf
  /** Where this process probes from. */
  readonly location?: string
  readonly clock: Clock
}

/** A source, and what keeps it up to date. */
export interface LiveStatus extends StatusSource, Pick<Recent, 'observe' | 'retain'> {}

/** What the history knows of the targets, by their names. */
interface Known {
  readonly byTarget: ReadonlyMap<string, TargetPast>
  readonly places: ReadonlyMap<string, readonly LocationPast[]>
  readonly elsewhere: readonly ElsewherePast[]
  /** Unix time in milliseconds. */
  readonly readAt: number
}

const nothing: Known = { byTarget: new Map(), places: new Map(), elsewhere: [], readAt: 0 }

/** Milliseconds for which the past of the overview is shown again. */
const overviewMs = 5_000
const detailDays = 90
const detailIncidents = 50
const dayMs = 86_400_000

/** Joins what this process has seen with what is stored. */
export function statusSource(options: StatusSourceOptions): LiveStatus {
  const { config, lastResult, calls = noCalls, past, runsOf, clock } = options
  const { silenced = () => Promise.resolve(new Map<string, SilencedMark>()) } = options
  const { ask, state: history } = askPast(options)
  const recent = rememberRecent()
  const calledOf = new WeakMap<readonly CallTarget[], ReadonlySet<string>>()
  const names = (): string[] => listedTargets(config()).map(({ name }) => name)
  const everything =
    past &&
    briefly(
      async () => {
        const readAt = clock.now()
        const [byTarget, places, elsewhere] = await Promise.all([
          past.overview(names()),
          past.locations(names()),
          past.elsewhere([...names(), ...callsOnly().map(({ name }) => name)]),
        ])
        return { byTarget, places, elsewhere, readAt }
      },
      { clock, ms: overviewMs },
    )

  async function pastOf(): Promise<Known> {
    return (everything && (await ask(everything))) ?? nothing
  }

  function statusOf(target: Target, { byTarget }: Known): TargetStatus {
    const now = clock.now()
    const result = lastResult(target)
    const status = {
      ...targetStatus({
        target,
        result,
        recent: recent.of(target, now),
        past: byTarget.get(target.name),
        now,
      }),
      ...vendorOf(target),
    }
    if (!called().has(target.name)) return status
    const { lastCallAt, recent: sum } = calls.of(target)
    const { calls: count, errors } = sum
    return { ...status, calls: { ...(lastCallAt && { lastCallAt }), recent: { calls: count, errors } } }
  }

  function vendorOf({ labels }: Pick<Target, 'labels'>): { vendor?: VendorSaid } {
    const vendor = labels.vendor === undefined ? undefined : options.vendorSays?.(labels.vendor)
    return vendor ? { vendor } : {}
  }

  /** With what other locations see of it. */
  function seenFrom(target: Target, status: TargetStatus, { places, readAt }: Known): TargetStatus {
    const stored = places.get(target.name) ?? []
    const seen = locationsOf({ target, status, own: options.location, past: stored, now: readAt })
    return seen.length === 0 ? status : { ...status, locations: seen }
  }

  const everySeen = (known: Known): TargetStatus[] =>
    listedTargets(config()).map((target) => seenFrom(target, statusOf(target, known), known))

  /** By its name, or by one that it had before. */
  function find(name: string): Target | undefined {
    return findTarget(config(), name)
  }

  /** The targets that calls belong to, of each configuration. */
  const called = (): ReadonlySet<string> => {
    const { callTargets } = config()
    let known = calledOf.get(callTargets)
    if (!known) calledOf.set(callTargets, (known = new Set(callTargets.map(({ name }) => name))))
    return known
  }

  const callsOnly = (): readonly CallTarget[] => config().callTargets.filter(({ probed }) => !probed)

  function findCalls(name: string): CallTarget | undefined {
    const all = callsOnly()
    return all.find((target) => target.name === name) ?? all.find(({ was }) => was?.includes(name))
  }

  /** As they are stored, also of targets that are gone, and those that began so recently that they are not. */
  async function incidents({ target: only, ...query }: IncidentQuery): Promise<Incident[]> {
    const target = only === undefined ? undefined : (find(only) ?? findCalls(only))
    const chosen = config().targets.filter(({ name }) => only === undefined || name === target?.name)
    const names = only === undefined ? undefined : target ? [target.name, ...(target.was ?? [])] : [only]
    const read = (await ask((answers) => answers.incidents(names, query))) ?? []
    const stored = read.map(shown).filter(({ endedAt }) => !(query.from && endedAt && endedAt <= query.from))
    const known = await pastOf()
    const open = chosen
      .flatMap((target) => statusOf(target, known).openIncident ?? [])
      .filter(({ startedAt }) => !query.to || startedAt < query.to)
    const ofCalls = calls
      .incidents()
      .map((incident) => ({ ...incident, target: findCalls(incident.target)?.name ?? incident.target }))
      .filter((incident) => isAsked(incident, query, target?.name ?? only))
    const byKey = new Map(stored.map((incident) => [keyOf(incident), incident]))
    for (const incident of open) byKey.set(keyOf(incident), incident)
    const newest = [...byKey.values(), ...ofCalls]
      .sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
      .slice(0, query.limit)
    const targetOf = (name: string) => find(name) ?? findCalls(name)
    return withCommands(await withWitnesses(newest, { targetOf, ask }), targetOf, runsOf, clock.now())
  }

  function latestIncidents(target: string): Promise<Incident[]> {
    const from = new Date(clock.now() - detailDays * dayMs)
    return incidents({ target, from, limit: detailIncidents })
  }

  function shown(incident: PastIncident): Incident {
    const checked = find(incident.target)
    const target = checked ?? findCalls(incident.target)
    const words = (text: string): string => shownText(text, checked ?? { secrets: [] })
    const { firstFailure: first, lastFailure: last, startedAt } = incident
    const abandoned = (!checked || checked.paused) && !incident.endedAt
    const endedAt = abandoned ? last.at : incident.endedAt
    return {
      ...incident,
      ...(target && { target: target.name }),
      ...(endedAt && { endedAt }),
      ...(abandoned && { noLongerWatched: true }),
      durationSeconds: Math.max(0, (endedAt?.getTime() ?? clock.now()) - startedAt.getTime()) / 1000,
      firstFailure: { ...first, message: words(first.message) },
      lastFailure: { ...last, message: words(last.message) },
    }
  }

  return {
    observe: recent.observe,
    retain: recent.retain,
    history,
    pendingSince: () => past?.pendingSince(),
    async overview() {
      const [known, marks] = await Promise.all([pastOf(), silenced()])
      return everySeen(known).map((status) => withMark(status, marks))
    },
    async target(name) {
      const target = find(name)
      if (!target) return undefined
      const [past, marks] = await Promise.all([pastOf(), silenced()])
      const status = withMark(seenFrom(target, statusOf(target, past), past), marks)
      const own = await latestIncidents(target.name)
      const failing = options.failing?.(target.name)
      const places = status.locations ? sharedLocations(everySeen(past), target.name) : undefined
      const commands = await latestCommands(target, runsOf, clock.now())
      return targetDetail(status, target, {
        result: lastResult(target),
        incidents: own,
        location: options.location,
        ...failing,
        shared: failing?.shared ?? places,
        ...commands,
      })
    },
    beats(name) {
      const target = find(name)
      return target ? recent.beats(target) : []
    },
    calls: () =>
      callsOnly().map((target) => ({ ...callsStatus(target, calls.of(target)), ...vendorOf(target) })),
    async callsTarget(name) {
      const target = findCalls(name)
      if (!target) return undefined
      const commands = await latestCommands(target, runsOf, clock.now())
      const incidents = await latestIncidents(target.name)
      return callsDetail(target, calls.of(target), { ...vendorOf(target), incidents, ...commands })
    },
    async elsewhere() {
      const { elsewhere, readAt } = await pastOf()
      return elsewhere.map((each) => elsewhereOf(each, readAt))
    },
    seenFrom: async (name, from) => (await ask(({ overview }) => overview([name], from)))?.get(name),
    unmatchedCalls: calls.unmatched,
    async former(name) {
      if (find(name) ?? findCalls(name)) return undefined
      const known = (await ask(({ overview }) => overview([name])))?.get(name)
      if (!known) return undefined
      const { days, availability, last } = known
      return {
        name,
        noLongerWatchedSince: last.at,
        lastSucceeded: last.success,
        days,
        availability,
        incidents: await latestIncidents(name),
      }
    },
    async series(name, range) {
      const checked = find(name)
      const target = checked ?? findCalls(name)
      if (!target) return undefined
      const read = checked && (await ask(({ series }) => series(target.name, range)))
      const marks = (await ask((answers) => answers.marks(range))) ?? []
      const nothing = { resolution: 'checks', stepSeconds: 0, points: [] } as const
      return {
        target: target.name,
        ...range,
        maxLatencySeconds: limitOf(target),
        ...(read ?? nothing),
        marks: marks.filter((mark) => isAbout(mark, target)),
      }
    },
    incidents,
    publicPages: () => config().publicPages ?? [],
  }
}
