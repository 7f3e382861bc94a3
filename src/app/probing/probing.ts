import { Counter, Gauge, type Registry } from 'prom-client'
import type { RecordedProbeLog } from '../../checks/log.ts'
import type { ProbeResult } from '../../checks/result.ts'
import type { RunProbeOptions } from '../../checks/run.ts'
import { longestWaitMs, notBegun as notBegunInTime, ProbesInTurn } from '../../exporter/probes-in-turn.ts'
import { limitsOf, type ProbeRequest } from '../../exporter/shared-probes.ts'
import { codeOf } from '../../lib/errors.ts'
import { openFileLimit, probesAtOnce } from '../../lib/io/file-limit.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { createSlots } from '../../lib/time/slots.ts'
import { definition } from '../../metrics/registry.ts'
import { selfMetrics } from '../../metrics/self.ts'
import { startProbeThreads } from './probe-threads.ts'

export interface ProbingDependencies {
  readonly probers: NonNullable<RunProbeOptions['probers']>
  readonly registry: Registry
  readonly clock: Clock
  readonly log: Logger
  /** Files and connections that this process may have open. Default: what the system says. */
  readonly openFiles?: number
}

export interface Probing {
  /**
   * Makes a probe: in a thread where there is one for it, else in this one.
   *
   * @throws ProbityError `PROBER_BUSY` when it could not be begun in time: nothing was learnt about its target.
   */
  readonly probe: (request: ProbeRequest, log: RecordedProbeLog) => Promise<ProbeResult>
  /** To be called when the configuration has changed. */
  readonly forget: () => void
  readonly end: () => Promise<void>
}

/** Makes all probes of a process, at most in so many threads, and counts those that are under way or could not be begun. */
export function startProbing(
  maxThreads: number,
  { probers, registry, clock, log, openFiles = openFileLimit() }: ProbingDependencies,
): Probing {
  const registers = [registry]
  const inFlight = new Gauge({ ...definition(selfMetrics.probesInFlight), registers })
  const notBegun = new Counter({ ...definition(selfMetrics.probesNotBegun), registers })
  const threads = startProbeThreads(maxThreads, { registry, clock, log })
  const here = new ProbesInTurn()
  const most = probesAtOnce(openFiles)
  const slots = createSlots(most)
  const never = new AbortController().signal
  let underway = 0

  /** Waits until there are files for a probe. */
  async function begin({ timeoutSeconds }: { readonly timeoutSeconds: number }): Promise<() => void> {
    const giveBack = await slots.take(
      underway < most ? never : AbortSignal.timeout(longestWaitMs(timeoutSeconds)),
    )
    if (!giveBack) throw notBegunInTime()
    underway++
    return () => {
      underway--
      giveBack()
    }
  }

  return {
    async probe(request, probeLog) {
      inFlight.inc()
      try {
        const options = { ...limitsOf(request), log: probeLog, clock, probers }
        const end = await begin(options)
        return await (threads.probe(request, probeLog) ?? here.probe(request.target.check, options)).finally(
          end,
        )
      } catch (error) {
        if (codeOf(error) === 'PROBER_BUSY') notBegun.inc()
        throw error
      } finally {
        inFlight.dec()
      }
    },
    forget: threads.forget,
    end: threads.end,
  }
}
