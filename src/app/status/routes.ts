import type { ProbeResult } from '../../checks/result.ts'
import type { Target } from '../../config/target/target.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Trace, Tracer } from '../../alerts/evidence/route/trace.ts'

/** The ways to targets that have stopped answering. */
export interface Routes {
  /** To be called with every result. */
  readonly observe: (target: Target, result: ProbeResult) => void
  /** What was found when the target began to fail; undefined while it works, and where nobody has asked for it. */
  readonly of: (name: string) => Trace | undefined
  readonly retain: (targets: readonly Pick<Target, 'name'>[]) => void
  /** Ends what runs. */
  readonly stop: () => Promise<void>
}

/** What a router on the way may be the cause of. */
const reasons: ReadonlySet<string> = new Set(['connect', 'timeout'])

/**
 * Traces the way to each target that has `traceroute` and begins to fail because nothing answers: once, until it has succeeded
 * again, and outside of the time of its checks.
 */
export function watchRoutes(trace: Tracer, log: Pick<Logger, 'error'>): Routes {
  /** Targets that fail, and what was found. */
  const failing = new Map<string, { trace?: Trace }>()
  const running = new Set<Promise<void>>()
  const stopped = new AbortController()

  function begin(name: string, address: string): void {
    const entry: { trace?: Trace } = {}
    failing.set(name, entry)
    const work = trace(address, stopped.signal)
      .then((found) => {
        if (found) entry.trace = found
      })
      .catch((error: unknown) => {
        log.error({ target: name, error: messageOf(error) }, 'the way to a target could not be traced')
      })
      .finally(() => running.delete(work))
    running.add(work)
  }

  return {
    observe({ name, traceroute }, { success, failure, resolve }) {
      if (success || traceroute !== true) failing.delete(name)
      else if (failure && reasons.has(failure.reason) && resolve?.address !== undefined && !failing.has(name))
        begin(name, resolve.address)
    },
    of: (name) => failing.get(name)?.trace,
    retain(targets) {
      const names = new Set(targets.map(({ name }) => name))
      for (const name of failing.keys()) if (!names.has(name)) failing.delete(name)
    },
    async stop() {
      stopped.abort()
      await Promise.all(running)
    },
  }
}
