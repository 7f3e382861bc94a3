import type { Alert } from '../alert.ts'
import { abandoned, type Abandonment } from './active-alert.ts'
import type { ActiveAlert } from './state.ts'

/** What is watched of one target. Times are unix seconds. */
export interface Watched<Subject, State> {
  /** Takes another configuration of the same target, which may have another name now. */
  readonly configure: (subject: Subject) => void
  /** Ends its alerts, because it is no longer watched. @returns The ends of those that were sent. */
  readonly abandon: (now: number, why: Abandonment) => Alert[]
  /** Nothing where there is nothing to remember. */
  readonly state: () => State | undefined
}

interface Named {
  readonly name: string
  /** The names that it had before. Default: none. */
  readonly was?: readonly string[]
}

interface LeftBehind {
  readonly alerts: Readonly<Record<string, ActiveAlert>>
}

/** All that is watched, by the names of the targets, through changes of the configuration and restarts. */
export class Watchlist<Subject extends Named, W extends Watched<Subject, LeftBehind>> {
  #watched = new Map<string, W>()
  readonly #left: Map<string, StateOf<W>>
  readonly #watch: (subject: Subject, now: number, left?: StateOf<W>) => W

  /**
   * @param left What an earlier process left behind, by name.
   * @param watch Begins to watch a target.
   */
  constructor(
    left: Readonly<Record<string, StateOf<W>>>,
    watch: (subject: Subject, now: number, left?: StateOf<W>) => W,
  ) {
    this.#left = new Map(Object.entries(left))
    this.#watch = watch
  }

  get all(): readonly W[] {
    return [...this.#watched.values()]
  }

  get(name: string): W | undefined {
    return this.#watched.get(name)
  }

  /**
   * Watches these and no others. What is known of a target is found by its name, or by one that it had before.
   *
   * @param paused The names, also former ones, of those that are not watched because they are paused.
   * @returns The ends of the alerts of those that are gone, also since an earlier process.
   */
  set(subjects: readonly Subject[], now: number, paused: ReadonlySet<string>): Alert[] {
    const why = (name: string): Abandonment => (paused.has(name) ? 'paused' : 'unwatched')
    const before = this.#watched
    const left = this.#left
    this.#watched = new Map(
      subjects.map((subject) => {
        const names = [subject.name, ...(subject.was ?? [])]
        const known = taken(before, names)
        known?.configure(subject)
        return [subject.name, known ?? this.#watch(subject, now, taken(left, names))]
      }),
    )
    const ended = [
      ...[...before].flatMap(([name, watched]) => watched.abandon(now, why(name))),
      ...[...left].flatMap(([name, { alerts }]) =>
        Object.values(alerts).flatMap((alert) => abandoned(alert, now, why(name))),
      ),
    ]
    left.clear()
    return ended
  }

  state(): Record<string, StateOf<W>> {
    return Object.fromEntries(
      [...this.#watched].flatMap(([name, watched]) => {
        const state = watched.state() as StateOf<W> | undefined
        return state ? [[name, state]] : []
      }),
    )
  }
}

type StateOf<W> = W extends Watched<never, infer State> ? State : never

/** The first that is there under one of these names, which is no longer there afterwards. */
function taken<T>(all: Map<string, T>, names: readonly string[]): T | undefined {
  const name = names.find((each) => all.has(each))
  const found = name === undefined ? undefined : all.get(name)
  if (name !== undefined) all.delete(name)
  return found
}
