import type { Logger } from '../logger.ts'

/** What the process ends with: EX_SOFTWARE of sysexits.h. */
const crashExitCode = 70

/** Milliseconds for the last lines of the log of a process that has nothing to stop yet. */
const lastWordsMs = 100

/** Lines about exceptions in a process that is ending: a callback may throw a thousand times a second. */
const maxLines = 10

/** Takes what nobody caught, in a callback or a promise: it is a bug, and what the process knows can no longer be trusted. */
export interface Crashes {
  /** Once the process has begun its work: something is to be stopped before it ends. */
  readonly stopWith: (stop: () => void) => void
}

/**
 * Logs what nobody caught, sets the exit code to 70 and ends the process: at once while it starts, and afterwards by what
 * `stopWith` was given.
 *
 * @param record Called synchronously with what was thrown first. It must not throw.
 */
export function watchCrashes(log: Logger, record: (error: unknown) => void = () => undefined): Crashes {
  let lines = 0
  let stop = (): void => {
    setTimeout(() => process.exit(), lastWordsMs)
  }

  function crashed(error: unknown): void {
    lines += 1
    if (lines <= maxLines) log.error({ err: error }, 'a bug in Probity: this process ends with exit code 70')
    if (lines > 1) return
    process.exitCode = crashExitCode
    record(error)
    stop()
  }

  // A promise that is rejected without a handler arrives here too.
  process.on('uncaughtException', crashed)
  return { stopWith: (next) => void (stop = next) }
}
