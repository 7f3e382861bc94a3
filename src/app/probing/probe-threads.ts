import { Counter, Gauge, type Registry } from 'prom-client'
import { kindOfCheck, type Check } from '../../checks/index.ts'
import type { RecordedProbeLog } from '../../checks/log.ts'
import type { ProbeResult } from '../../checks/result.ts'
import type { ProbeRequest } from '../../exporter/shared-probes.ts'
import { ProbeThreads } from '../../exporter/threads/pool.ts'
import type { Probed } from '../../exporter/threads/thread.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { definition } from '../../metrics/registry.ts'
import { selfMetrics } from '../../metrics/self.ts'

export interface ProbingInThreads {
  /** Has a thread make a probe, and log it; undefined where this thread has to make it. */
  readonly probe: (request: ProbeRequest, log: RecordedProbeLog) => Promise<ProbeResult> | undefined
  /** To be called when the configuration has changed. */
  readonly forget: () => void
  readonly end: () => Promise<void>
}

/** Makes probes in threads under load, at most in so many, and says in metrics and in the log what becomes of these. */
export function startProbeThreads(
  max: number,
  { registry, clock, log }: { readonly registry: Registry; readonly clock: Clock; readonly log: Logger },
): ProbingInThreads {
  const registers = [registry]
  const lost = new Counter({ ...definition(selfMetrics.probeThreadsLost), registers })
  const threads = new ProbeThreads({
    max,
    clock,
    onLost: (reason) => {
      lost.inc({ reason })
      log.warn({ reason }, 'a thread that makes probes was lost: another one takes its place')
    },
  })
  new Gauge({
    ...definition(selfMetrics.probeThreads),
    registers,
    collect() {
      this.set(threads.running)
    },
  })
  const adjusting = setInterval(() => {
    threads.adjust()
  }, 1000)
  adjusting.unref()
  return {
    probe: ({ target: { check, guard }, timeoutSeconds, allowAddress }, probeLog) =>
      // A guard of addresses is a function, which no thread can be given.
      allowAddress || !standsAlone(check)
        ? undefined
        : threads.probe(check, timeoutSeconds, guard)?.then((probed) => logged(probed, probeLog)),
    forget: () => {
      threads.forget()
    },
    end() {
      clearInterval(adjusting)
      return threads.end()
    },
  }
}

function standsAlone(check: Check): boolean {
  // The row is that of the check's own kind.
  const { standsAlone: decide } = kindOfCheck(check) as { standsAlone?: (check: Check) => boolean }
  return decide?.(check) ?? false
}

function logged({ result, log }: Probed, probeLog: RecordedProbeLog): ProbeResult {
  probeLog.take(log)
  return result
}
