import type { Clock } from '../../lib/time/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Timers } from '../../lib/time/timers.ts'
import type { Config } from '../config.ts'
import type { Discovered, Found } from '../load/discovered.ts'
import type { Kept, KeptAnswers } from './copy.ts'
import type { Labels } from './kind.ts'
import type { DiscoverySource } from './source.ts'

export interface DiscoveringOptions {
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
  /** Default: the last good answers end with the process. */
  readonly kept?: KeptAnswers
  /** Called when a source answers something else than before. */
  readonly onChange: () => Promise<void>
}

/** How the last request of a source went. */
interface SourceHealth {
  /** When it last answered. */
  readonly lastSuccess?: Date
  /** Why the last request failed; absent where it did not. */
  readonly problem?: string
}

/** What came of the last good answer of a source, and how its requests go. */
export interface SourceStatus extends Discovered, SourceHealth {}

/** Asks the sources of a configuration, again and again. */
export interface Discovering {
  /** The last good answer of a source. */
  readonly found: Found
  /**
   * Asks each source of a configuration that was never asked.
   *
   * @returns Whether there was none, so that the configuration has everything that is known.
   */
  readonly askNew: (config: Config) => Promise<boolean>
  /** Asks the sources of this configuration from now on, and no others. */
  readonly follow: (config: Config) => void
  readonly health: (source: DiscoverySource) => SourceHealth
  readonly stop: () => Promise<void>
}

interface State {
  source: DiscoverySource
  found?: readonly Labels[]
  at?: Date
  problem?: string
  asking?: Promise<boolean>
  callOff?: () => void
}

export function createDiscovering({ clock, timers, log, kept, onChange }: DiscoveringOptions): Discovering {
  const states = new Map<string, State>()
  const stopping = new AbortController()
  let earlier: Promise<ReadonlyMap<string, Kept>> | undefined
  let saving: Promise<void> = Promise.resolve()

  /** @returns Whether its answer is another one than before. */
  async function ask(state: State): Promise<boolean> {
    const { source } = state
    try {
      const found = await source.ask(stopping.signal)
      const isOther = JSON.stringify(found) !== JSON.stringify(state.found)
      if (state.problem !== undefined)
        log.info({ source: source.name }, 'the source of targets answers again')
      delete state.problem
      state.found = found
      state.at = new Date(clock.now())
      return isOther
    } catch (error) {
      if (stopping.signal.aborted) return false
      const problem = messageOf(error)
      // Once, and not at every request.
      if (state.problem === undefined)
        log.warn(
          { source: source.name, problem },
          'the source of targets cannot be used: the targets that it listed last stay',
        )
      state.problem = problem
      return false
    }
  }

  /** One request at a time, no matter who wants to know. */
  function askOnce(state: State): Promise<boolean> {
    state.asking ??= ask(state).finally(() => {
      delete state.asking
    })
    return state.asking
  }

  async function askFirst(source: DiscoverySource): Promise<void> {
    const state: State = { source }
    states.set(source.id, state)
    await askOnce(state)
    if (state.found !== undefined) return
    const before = (await (earlier ??= kept?.load()))?.get(source.id)
    if (!before) return
    state.found = before.found
    state.at = before.at
  }

  function schedule(state: State): void {
    state.callOff?.()
    state.callOff = timers.after(state.source.poll * 1000, () => {
      schedule(state)
      void poll(state)
    })
  }

  async function poll(state: State): Promise<void> {
    const isOther = await askOnce(state)
    if (!isOther || states.get(state.source.id) !== state) return
    save()
    await onChange()
  }

  function save(): void {
    const answers = new Map(
      [...states].flatMap(([id, { found, at }]) => (found && at ? [[id, { found, at }] as const] : [])),
    )
    if (kept) saving = saving.then(() => kept.save(answers))
  }

  return {
    found: ({ id }) => states.get(id)?.found,
    async askNew({ discovered = [] }) {
      const unknown = new Map(
        discovered.flatMap(({ source }) => (states.has(source.id) ? [] : [[source.id, source] as const])),
      )
      await Promise.all([...unknown.values()].map(askFirst))
      return unknown.size === 0
    },
    follow({ discovered = [] }) {
      const wanted = new Map(discovered.map(({ source }) => [source.id, source]))
      let changed = false
      for (const [id, state] of states) {
        if (wanted.has(id)) continue
        state.callOff?.()
        states.delete(id)
        changed = true
      }
      for (const [id, source] of wanted) {
        const state = states.get(id)
        if (!state || (state.callOff && state.source.poll === source.poll)) continue
        state.source = source
        changed ||= state.callOff === undefined
        schedule(state)
      }
      if (changed) save()
    },
    health({ id }) {
      const { at, problem } = states.get(id) ?? {}
      return { ...(at && { lastSuccess: at }), ...(problem !== undefined && { problem }) }
    },
    async stop() {
      stopping.abort(new Error('stopped'))
      for (const { callOff } of states.values()) callOff?.()
      await Promise.all([...states.values()].flatMap(({ asking }) => asking ?? []))
      await saving
    },
  }
}
