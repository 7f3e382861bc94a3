import { messageOf } from '../errors.ts'
import type { Logger } from '../logger.ts'

type Signal = 'SIGHUP' | 'SIGUSR1'

/**
 * Keeps a service running until SIGTERM or SIGINT, then stops it and lets the process end by itself with exit code 0. A
 * second such signal ends the process at once.
 *
 * @param handlers What other signals do. What they throw is logged.
 */
export async function runUntilSignal(
  service: { stop: () => Promise<void> },
  log: Logger,
  handlers: Partial<Record<Signal, () => Promise<void>>> = {},
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
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
  log.info({ signal }, 'stopping: probes in flight are finished first')
  await service.stop()
  for (const [name, listener] of listeners) process.off(name, listener)
}
