import type { Alert } from '../alert.ts'
import { resolved } from './active-alert.ts'
import type { ActiveAlert } from './state.ts'

/** What is watched of one target. Times are unix seconds. */
export interface Watched<Subject, State> {
  /** The fingerprint of its labels: with others it is another series, whose count starts again. */
  readonly series: string
  /** Takes another configuration of the same series. */
  readonly configure: (subject: Subject) => void
  /** Ends its alerts. @returns The ends of those that were sent. */
  readonly end: (now: number) => Alert[]
  /** Nothing where there is nothing to remember. */
  readonly state: () => State | undefined
}

interface LeftBehind {
  readonly series: string
  readonly alerts: Readonly<Record<string, ActiveAlert>>
}

/** All that is watched, by the names of the targets, through changes of the configuration and restarts. */
export class Watchlist<Subject extends { readonly name: string }, W extends Watched<Subject, LeftBehind>> {
  readonly #watched = new Map<string, W>()
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
   * Watches these and no others.
   *
   * @returns The ends of the alerts of those that are gone, also since an earlier process.
   */
  set(subjects: readonly Subject[], now: number): Alert[] {
    const names = new Set(subjects.map(({ name }) => name))
    const gone = [...this.#watched].filter(([name]) => !names.has(name))
    for (const [name] of gone) this.#watched.delete(name)
    const ended = gone.flatMap(([, watched]) => watched.end(now))
    for (const subject of subjects) {
      const before = this.#watched.get(subject.name)
      const fresh = this.#watch(subject, now)
      if (before?.series === fresh.series) {
        before.configure(subject)
        continue
      }
      const left = this.#left.get(subject.name)
      const same = left?.series === fresh.series
      if (same) this.#left.delete(subject.name)
      this.#watched.set(subject.name, same ? this.#watch(subject, now, left) : fresh)
      ended.push(...(before?.end(now) ?? []))
    }
    for (const { alerts } of this.#left.values())
      ended.push(...Object.values(alerts).flatMap((alert) => resolved(alert, now)))
    this.#left.clear()
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
