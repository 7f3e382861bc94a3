import { within } from '../time/within.ts'
import type { Crashes } from './crash.ts'
import { messageOf } from '../errors.ts'
import type { Logger } from '../logger.ts'

/** Milliseconds that a process which must end soon has for that. Docker kills after 10 s. */
const stopWithinMs = 9000

/** Milliseconds for the last lines of the log, once everything is stopped. */
const lastWordsMs = 300

type Signal = 'SIGHUP' | 'SIGUSR1'

/**
 * Keeps a service running until SIGTERM or SIGINT, then stops it and lets the process end by itself with exit code 0. A
 * second such signal ends the process at once. After an exception that nobody caught, it stops the service in the same way,
 * within 10 s, and the exit code is 70.
 *
 * @param service.leave Called before `stop` for a signal, but not after an exception: what it waits for is of no use then.
 * @param handlers What other signals do. What they throw is logged.
 * @param options.prompt Whether the process ends within 10 s whatever hangs. Default: it waits for its probes.
 */
export async function runUntilSignal(
  service: { readonly leave?: () => Promise<void>; readonly stop: () => Promise<void> },
  log: Logger,
  crashes: Crashes,
  handlers: Partial<Record<Signal, () => Promise<void>>> = {},
  { prompt = false }: { readonly prompt?: boolean } = {},
): Promise<void> {
  const listeners = Object.entries(handlers).map(([signal, handle]) => {
    const listener = (): void => {
      handle().catch((error: unknown) => {
        log.error(`${signal}: ${messageOf(error)}`)
      })
    }
    process.on(signal, listener)
    return [signal, listener] as const
  })
  const signal = await new Promise<NodeJS.Signals | 'crash'>((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
    crashes.stopWith(() => {
      resolve('crash')
    })
  })
  const soon = prompt || signal === 'crash'
  if (signal !== 'crash')
    log.info({ signal }, prompt ? 'stopping' : 'stopping: probes in flight are finished first')
  if (signal !== 'crash') await service.leave?.()
  if (soon) {
    const stopped = service.stop().catch((error: unknown) => {
      log.error(`stopping: ${messageOf(error)}`)
    })
    await within(stopped, stopWithinMs, () => {
      log.warn('stopping takes too long: what still runs is abandoned')
    })
    // Neither may a check that hangs, or a connection, keep the process.
    setTimeout(() => process.exit(), lastWordsMs).unref()
  } else await service.stop()
  for (const [name, listener] of listeners) process.off(name, listener)
}
