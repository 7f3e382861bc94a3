import type { CallTarget } from '../../config/target/calls.ts'
import type { Target } from '../../config/target/target.ts'
import type { ProbeResult } from '../../checks/result.ts'
import type { Alert } from '../alert.ts'
import type { JudgedCall } from './calls/counted-calls.ts'
import { withEvidence } from './evidence.ts'
import type { Examined } from './examined.ts'
import { allRules, type Rules } from './rules/index.ts'
import type { Lingering } from './rules/rule.ts'
import { NetworkGuard } from './network/network-guard.ts'
import { OwnProcess } from './own-process.ts'
import { PeerGuard } from './peer-guard.ts'
import type { PeerStatus } from './rules/peer-down.ts'
import type { EvaluatorState } from './state.ts'
import { WatchedCalls } from './watched-calls.ts'
import { WatchedTarget, type Health } from './watched-target.ts'
import { Watchlist } from './watchlist.ts'

/** What alerts are decided about. */
export interface Subjects {
  /** Those that are checked. */
  readonly targets: readonly Target[]
  /** These and the ones that are paused. Default: none is. */
  readonly listed?: readonly Target[]
  /** Those whose calls are judged, unless they are paused. Default: none. */
  readonly callTargets?: readonly CallTarget[]
}

/** What outlives the process. */
type Kept = Pick<EvaluatorState, 'targets' | 'calls' | 'network' | 'process' | 'peer'>

export interface EvaluatorOptions {
  /** Where the targets are probed from. */
  readonly location: string
  /** Default: those of Probity. */
  readonly rules?: Partial<Rules>
  /** When TargetDown goes on although a check succeeded, if checks are made more often than rules are evaluated. Default: always. */
  readonly lingers?: Lingering
  /** Whether the last run ended because of a bug. Default: it did not. */
  readonly crashed?: boolean
  /** The host of the other solo of a pair. Default: there is none. */
  readonly peer?: string
  /** What an earlier process left behind. */
  readonly state?: Partial<Kept>
}

/**
 * Decides, without Prometheus, when an alert about a target or about its calls begins and ends. It has no clock and does nothing
 * by itself: every call takes the time, in unix seconds, and returns what is to be sent.
 */
export class Evaluator {
  readonly #targets: Watchlist<Target, WatchedTarget>
  readonly #calls: Watchlist<CallTarget, WatchedCalls>
  readonly #network: NetworkGuard
  readonly #process: OwnProcess
  readonly #peer: PeerGuard

  constructor({ location, rules, lingers = 'always', crashed = false, peer, state = {} }: EvaluatorOptions) {
    const { targets, calls, versions } = { ...allRules, ...rules }
    const telling = targets.map((rule) => withEvidence(rule.lingers ? { ...rule, lingers } : rule))
    this.#targets = new Watchlist(
      state.targets ?? {},
      (target, now, left) => new WatchedTarget({ target, location, rules: telling, state: left, now }),
    )
    this.#calls = new Watchlist(
      state.calls ?? {},
      (target, now, left) => new WatchedCalls({ target, rules: { calls, versions }, state: left, now }),
    )
    this.#network = new NetworkGuard({ location, state: state.network })
    this.#process = new OwnProcess({ location, crashed, state: state.process })
    this.#peer = new PeerGuard({ location, peer, state: state.peer })
  }

  /**
   * Watches these targets, and the calls of those, and no others. The alerts of one that is gone end; one that was edited or
   * renamed keeps its own.
   */
  setTargets({ targets, listed = [], callTargets = [] }: Subjects, now: number): Alert[] {
    const judged = callTargets.filter(({ paused }) => !paused)
    const ended = [
      ...this.#targets.set(targets, now, pausedNames(listed)),
      ...this.#calls.set(judged, now, pausedNames(callTargets)),
    ]
    this.#network.watch(this.#targets.all)
    return [...ended, ...this.#process.evaluate(now), ...this.#decide(this.#targets.all, now, false)]
  }

  /** Takes the result of a check that was made just now. */
  observe(target: Target, result: ProbeResult, at: number, now: number): Alert[] {
    const watched = this.#targets.get(target.name)
    if (!watched) return []
    watched.observe(result, at)
    this.#network.note(watched)
    return this.#decide([watched], now, true)
  }

  /** Takes a call that has just ended. It is judged on the next tick. */
  observeCall(name: string, call: JudgedCall, now: number): void {
    this.#calls.get(name)?.observe(call, now)
  }

  /** Decides every alert: time passes without checks and calls too. @param peer The other solo of a pair; undefined where there is none. */
  tick(now: number, peer?: PeerStatus): Alert[] {
    for (const watched of this.#calls.all) watched.scrape(now)
    return [
      ...this.#process.evaluate(now),
      ...this.#peer.evaluate(peer, now),
      ...this.#decide(this.#targets.all, now, false),
      ...this.#calls.all.flatMap((watched) => watched.evaluate(now, this.#targets.get(watched.name)?.probe)),
    ]
  }

  /** The ids of the rules whose alerts about a target fire. */
  active(name: string): readonly string[] {
    return this.#targets.get(name)?.active ?? []
  }

  /** What the rules look at of one target now, for people who ask why. Nothing where it was never checked. */
  examine(name: string, now: number): Examined | undefined {
    const watched = this.#targets.get(name)
    const examined = watched?.examine(now, this.#calls.get(name)?.seen)
    if (!watched || !examined) return undefined
    const parents = (watched.target.dependsOn ?? []).map((parent) => ({
      name: parent,
      until: this.#targets.get(parent)?.holdsUntil ?? -Infinity,
    }))
    return { ...examined, parents: parents.filter(({ until }) => until > -Infinity) }
  }

  firing(): Alert[] {
    return [this.#process, this.#peer, this.#network, ...this.#targets.all, ...this.#calls.all].flatMap(
      (watched) => watched.firing(),
    )
  }

  health(name: string): Health {
    return this.#targets.get(name)?.health ?? 'unknown'
  }

  /** The targets whose newest check failed. */
  failing(): string[] {
    return this.#targets.all.filter(({ failing }) => failing).map(({ target }) => target.name)
  }

  /** When a target was last checked, in unix seconds. */
  lastCheckAt(name: string): number | undefined {
    return this.#targets.get(name)?.lastCheckAt
  }

  /** The wall clock has jumped by so many seconds. */
  shift(seconds: number): void {
    const all = [this.#process, this.#peer, this.#network, ...this.#targets.all, ...this.#calls.all]
    for (const watched of all) watched.shift(seconds)
  }

  state(): Kept {
    return {
      targets: this.#targets.state(),
      calls: this.#calls.state(),
      network: this.#network.state(),
      process: this.#process.state(),
      peer: this.#peer.state(),
    }
  }

  /** @param checked Whether a check has just ended. */
  #decide(some: readonly WatchedTarget[], now: number, checked: boolean): Alert[] {
    const alerts = some.flatMap((watched) => this.#evaluate(watched, now, checked))
    return [...alerts, ...this.#network.evaluate(some, () => this.#targets.all, now)]
  }

  #evaluate(watched: WatchedTarget, now: number, checked: boolean): Alert[] {
    const parents = watched.target.dependsOn ?? []
    const heldUntil = Math.max(
      -Infinity,
      ...parents.map((name) => this.#targets.get(name)?.holdsUntil ?? -Infinity),
    )
    return watched.evaluate(now, checked, {
      heldUntil,
      networkDown: this.#network.down,
      calls: this.#calls.get(watched.target.name)?.seen,
    })
  }
}

/** The names that those had and have that are paused. */
function pausedNames(all: readonly Pick<Target, 'name' | 'was' | 'paused'>[]): ReadonlySet<string> {
  return new Set(all.flatMap(({ name, was = [], paused }) => (paused ? [name, ...was] : [])))
}
