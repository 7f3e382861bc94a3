import type { Clock } from '../../lib/time/clock.ts'
import { readMedians, type MedianOf, type MediansAsked } from './medians.ts'
import type { Statements } from '../sql.ts'

export interface KeepMediansOptions extends Pick<MediansAsked, 'location'> {
  readonly sql: Pick<Statements, 'query'>
  /** Before it is, nothing is read. */
  readonly isOpen: () => boolean
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  /** Milliseconds between two looks at whether it is time. Default 10 s. */
  readonly lookMs?: number
}

/** Medians that were read before somebody asks for them. */
export interface KeptMedians {
  readonly of: MedianOf
  readonly stop: () => void
}

/** Milliseconds for which medians are shown, after which they are read again. */
const freshMs = 600_000

/** Reads medians in the background, soon after the start and then every ten minutes. While the database is away, those that are known stay. */
export function keepMedians({
  sql,
  location,
  isOpen,
  clock,
  lookMs = 10_000,
}: KeepMediansOptions): KeptMedians {
  let medians: MedianOf = () => undefined
  let readAt = -Infinity
  let reading = false

  async function look(): Promise<void> {
    if (reading || !isOpen() || clock.monotonic() - readAt < freshMs) return
    reading = true
    try {
      medians = await readMedians(sql, { location, now: clock.now() })
      readAt = clock.monotonic()
    } catch {
      // The writer says that the database is away.
    } finally {
      reading = false
    }
  }

  const timer = setInterval(() => void look(), lookMs)
  timer.unref()
  return {
    of: (target, from) => medians(target, from),
    stop() {
      clearInterval(timer)
    },
  }
}
