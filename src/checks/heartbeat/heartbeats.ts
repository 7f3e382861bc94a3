import { isDeepStrictEqual } from 'node:util'
import type { HeartbeatCheck } from './schema.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { DurableMap } from '../../lib/io/durable-map.ts'
import { mergeStates } from './merge.ts'
import { periodAt } from './rhythm.ts'
import type { Prober } from '../result.ts'
import {
  afterEvent,
  expectedSince,
  hasCalled,
  judge,
  readState,
  withoutFuture,
  type HeartbeatEvent,
  type HeartbeatState,
} from './state.ts'

export interface HeartbeatsOptions {
  readonly clock: Clock
  /** Where it is kept beyond the process. Default: nowhere, so that every first period begins with the process. */
  readonly map?: DurableMap
}

/** What the jobs have reported: the route of the calls reports here, and the prober judges by it. */
export interface Heartbeats {
  /** Takes in what the job of a target reports. Resolves once that is stored, or cannot be. */
  readonly report: (target: string, event: HeartbeatEvent) => Promise<void>
  /**
   * Expects these from now on, where they were not expected before, and forgets all others: to be called with every
   * configuration that comes into force.
   */
  readonly expect: (targets: Iterable<string>) => Promise<void>
  /** What the jobs that have called have reported, here or elsewhere. */
  readonly called: () => readonly (readonly [target: string, state: HeartbeatState])[]
  /**
   * Takes what another process has heard of the job of a target that is expected here.
   *
   * @param state By the clock of this machine.
   * @returns What is known now, and whether any of it is new; undefined for other targets.
   */
  readonly merge: (
    target: string,
    state: HeartbeatState,
  ) => { readonly state: HeartbeatState; readonly isNews: boolean } | undefined
  readonly probe: Prober<HeartbeatCheck>
}

/** Remembers heartbeats. */
export function createHeartbeats({ clock, map }: HeartbeatsOptions): Heartbeats {
  const states = new Map<string, HeartbeatState>()
  for (const [key, stored] of map?.entries('') ?? []) {
    const state = readState(stored)
    if (state) states.set(key, state)
  }

  function stateOf(target: string): HeartbeatState {
    const now = clock.now()
    const state = withoutFuture(states.get(target) ?? expectedSince(now), now)
    states.set(target, state)
    return state
  }

  /**
   * Whatever happens to the disk, a call that came must not look like one that did not. The map has it, and writes it when it
   * can.
   */
  async function store(changes: readonly (readonly [string, HeartbeatState?])[]): Promise<void> {
    if (changes.length === 0) return
    await map?.put(changes).catch(() => undefined)
  }

  return {
    async report(target, event) {
      const state = afterEvent(stateOf(target), event, clock.now())
      states.set(target, state)
      await store([[target, state]])
    },
    async expect(targets) {
      const names = new Set(targets)
      const gone = [...states.keys()].filter((name) => !names.has(name))
      const added = [...names].filter((name) => !states.has(name))
      for (const name of gone) states.delete(name)
      await store([
        ...gone.map((name) => [name] as const),
        ...added.map((name) => [name, stateOf(name)] as const),
      ])
    },
    called: () => [...states].filter(([, state]) => hasCalled(state)),
    merge(target, theirs) {
      if (!states.has(target)) return undefined
      const mine = stateOf(target)
      const state = withoutFuture(mergeStates(mine, theirs), clock.now())
      const isNews = !isDeepStrictEqual(mine, state)
      if (isNews) {
        states.set(target, state)
        void store([[target, state]])
      }
      return { state, isNews }
    },
    probe(check) {
      const now = clock.now()
      const state = stateOf(check.name)
      const failure = judge(check, state, now)
      const { lastSuccess, startedAt, failed, lastRun, said } = state
      const lastCall = Math.max(lastSuccess ?? 0, startedAt ?? 0, failed?.at ?? 0, said?.at ?? 0)
      const { rhythm } = check
      const from = lastSuccess ?? state.since
      return Promise.resolve({
        startedAt: new Date(now),
        durationSeconds: 0,
        success: failure === undefined,
        ...(failure && { failure }),
        heartbeat: {
          waitingSince: from / 1000,
          period: periodAt(rhythm, { from, now, graceMs: check.grace * 1000 }),
          ...(typeof rhythm !== 'number' && { schedule: rhythm }),
          ...(said && { said: said.message }),
          grace: check.grace,
          needsToken: check.token !== undefined,
          ...(check.maxRuntime !== undefined && { maxRuntime: check.maxRuntime }),
          ...(lastCall > 0 && { lastCall: lastCall / 1000 }),
          ...(lastRun !== undefined && { lastRun: lastRun / 1000 }),
          ...(lastSuccess !== undefined && { lastSuccess: lastSuccess / 1000 }),
        },
      })
    },
  }
}
