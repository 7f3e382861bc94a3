import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import { within } from '../../lib/time/within.ts'
import type { Past } from './past.ts'
import type { HistoryState } from './status.ts'

export interface AskPastOptions {
  /** Absent where results are not stored. */
  readonly past?: Past | undefined
  /** Milliseconds that the history may take to answer: a page must not wait for a server that is away. Default 2 s. */
  readonly patienceMs?: number | undefined
  readonly log: Logger
}

/** Asks the history, which may be away. */
export interface AskPast {
  /** What it answers; undefined where there is none, or where it does not answer in time. */
  readonly ask: <T>(question: (past: Past) => Promise<T>) => Promise<T | undefined>
  /** Whether it has answered the last question. */
  readonly state: () => HistoryState
}

/** Milliseconds for further questions while one hangs: a page asks several, and waits for all of them. */
const hurriedMs = 250

export function askPast({ past, patienceMs = 2_000, log }: AskPastOptions): AskPast {
  let answered = true
  let hanging = 0
  return {
    async ask(question) {
      if (!past?.isOpen()) return undefined
      try {
        const waitMs = hanging > 0 ? Math.min(hurriedMs, patienceMs) : patienceMs
        const work = question(past)
        const settled = (): void => void hanging--
        const answer = await within(work, waitMs, () => {
          hanging++
          work.then(settled, settled)
          tooSlow(waitMs)
        })
        answered = true
        return answer
      } catch (error) {
        // Once, and not with every page that is asked for.
        if (answered) log.warn({ error: messageOf(error) }, 'the status page has no history')
        answered = false
        return undefined
      }
    },
    state() {
      if (!past) return 'none'
      if (!past.isOpen()) return 'starting'
      return answered ? 'ready' : 'unavailable'
    },
  }
}

function tooSlow(ms: number): never {
  throw new Error(`the database took longer than ${ms / 1000} s`)
}
