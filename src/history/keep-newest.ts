import { messageOf } from '../lib/errors.ts'
import type { Logger } from '../lib/logger.ts'

export interface KeepNewestOptions<T> {
  readonly write: (value: T) => Promise<void>
  /** What has not happened, for the log: `the promises of vendors are not stored yet`. */
  readonly what: string
  readonly log: Logger
  /** Milliseconds until the next attempt, where the database was away. Default 10 s. */
  readonly retryMs?: number
}

/** Writes the newest value in the background. */
export interface KeepNewest<T> {
  /** Never waits, never throws. */
  readonly set: (value: T) => void
  /** What is not written by then is left: the next start writes it. */
  readonly stop: () => void
}

/** Goes on trying while the database is away. */
export function keepNewest<T>({ write, what, log, retryMs = 10_000 }: KeepNewestOptions<T>): KeepNewest<T> {
  let wanted: { readonly value: T } | undefined
  let writing: Promise<void> | undefined
  let failed = false
  let timer: NodeJS.Timeout | undefined

  async function writeAll(): Promise<void> {
    while (wanted) {
      const newest = wanted
      await write(newest.value)
      failed = false
      // Others may have come meanwhile.
      if (wanted === newest) wanted = undefined
    }
  }

  function start(): void {
    clearTimeout(timer)
    writing ??= writeAll()
      .catch((error: unknown) => {
        if (!wanted) return
        if (!failed) log.warn({ error: messageOf(error) }, `history: ${what}, trying again`)
        failed = true
        timer = setTimeout(start, retryMs)
        timer.unref()
      })
      .finally(() => {
        writing = undefined
      })
  }

  return {
    set(value) {
      wanted = { value }
      start()
    },
    stop() {
      wanted = undefined
      clearTimeout(timer)
    },
  }
}
