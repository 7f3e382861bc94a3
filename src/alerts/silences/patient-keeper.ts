import { briefly } from '../../lib/time/briefly.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { SilenceKeeper } from './keeper.ts'

/** Milliseconds for which an answer is given again, and for which one that does not answer is left alone. */
const [freshMs, awayMs] = [2000, 5000]

/** The same for pages: many of them ask one question, and none waits for an Alertmanager that is known to be away. */
export function forPages(keeper: SilenceKeeper, clock: Pick<Clock, 'monotonic'>): SilenceKeeper {
  let away: { readonly error: unknown; readonly until: number } | undefined

  function patiently<T>(ask: () => Promise<T>): () => Promise<T> {
    return async () => {
      if (away && clock.monotonic() < away.until) throw away.error
      try {
        const answer = await ask()
        away = undefined
        return answer
      } catch (error) {
        away = { error, until: clock.monotonic() + awayMs }
        throw error
      }
    }
  }

  const remembered = <T>(ask: () => Promise<T>): (() => Promise<T>) =>
    briefly(patiently(ask), { clock, ms: freshMs })
  let list = remembered(keeper.list)
  let firing = remembered(keeper.firing)

  /** What was changed is seen at once. */
  function forget(): void {
    list = remembered(keeper.list)
    firing = remembered(keeper.firing)
  }

  return {
    list: () => list(),
    firing: () => firing(),
    add: (silences) => keeper.add(silences).finally(forget),
    end: (id) => keeper.end(id).finally(forget),
  }
}
