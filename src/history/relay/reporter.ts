import type { Registry } from 'prom-client'
import { messageOf } from '../../lib/errors.ts'
import type { KeptFile } from '../../lib/io/keeping.ts'
import type { Logger } from '../../lib/logger.ts'
import { cut, oneLine, plural } from '../../lib/text/text.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { Timers } from '../../lib/time/timers.ts'
import type { CheckRow } from '../row.ts'
import { reporterMetrics } from './metrics.ts'
import { postChecks, type Posted } from './post.ts'
import { openSpool, type SpoolOptions } from './spool.ts'
import { resultsPath, toReported } from './wire.ts'

export interface ReporterOptions extends Pick<SpoolOptions, 'mostBytes' | 'mostMs' | 'batch'> {
  /** Of the other server, with its path prefix. */
  readonly url: URL
  /** Read before each request. @throws Why there is none. */
  readonly token: () => Promise<string>
  /** Where checks wait. Of this process alone. */
  readonly folder: string
}

export interface ReporterDependencies {
  readonly registry: Registry
  /** Notified of whether the folder can be written. */
  readonly report: KeptFile
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
}

/** Reports checks to another server. */
export interface Reporter {
  /** Never waits, never throws. */
  readonly add: (row: CheckRow) => void
  /** What waits is on the disk then, for the next start. Safe to call twice. */
  readonly stop: () => Promise<void>
}

/** Milliseconds for which checks are collected before they are sent. */
const collectMs = 2_000

/** Milliseconds until the next attempt after one that failed: twice as many each time. */
const [firstRetryMs, lastRetryMs] = [1_000, 60_000]

/** Milliseconds between two lines of the log about checks that are lost. */
const quietMs = 60_000

type Failed = Extract<Posted, { readonly problem: string }>

/** Starts reporting, with what an earlier process has not sent. @throws Whatever the file system said. */
export async function startReporter(
  options: ReporterOptions,
  dependencies: ReporterDependencies,
): Promise<Reporter> {
  const { url, token } = options
  const { report, clock, timers, log } = dependencies
  const metrics = reporterMetrics(dependencies.registry, () => spool.length())
  const lost = { count: 0, saidAt: -Infinity }
  const spool = await openSpool({
    ...options,
    clock,
    report,
    dropped(count, why) {
      metrics.checks('dropped', count)
      lost.count += count
      if (clock.monotonic() - lost.saidAt < quietMs) return
      log.error({ checks: lost.count }, `checks for ${url.href} are lost: ${why}`)
      lost.count = 0
      lost.saidAt = clock.monotonic()
    },
  })
  const target = new URL(`${url.href.replace(/\/+$/, '')}${resultsPath}`)
  const stopping = new AbortController()
  let callOff = (): void => undefined
  let sending: Promise<void> | undefined
  let retryMs = 0
  let location: string | undefined

  function later(milliseconds: number): void {
    callOff()
    if (stopping.signal.aborted) return
    callOff = timers.after(milliseconds, () => {
      sending = send()
    })
  }

  async function send(): Promise<void> {
    const problem = await attempt().catch((error: unknown): Failed => ({ problem: messageOf(error) }))
    if (stopping.signal.aborted) return
    if (problem === 'sent') {
      if (retryMs > 0) log.info(`checks are reported to ${url.href} again`)
      retryMs = 0
      later(0)
      return
    }
    if (problem === 'nothing') {
      later(collectMs)
      return
    }
    if (retryMs === 0)
      log.warn(
        { waiting: spool.length() },
        `checks cannot be reported to ${url.href} and wait: ${problem.problem}`,
      )
    retryMs = Math.min(lastRetryMs, retryMs === 0 ? firstRetryMs : 2 * retryMs)
    later(Math.max(retryMs, Math.min(lastRetryMs, (problem.retryAfter ?? 0) * 1000)))
  }

  async function attempt(): Promise<'sent' | 'nothing' | Failed> {
    const batch = await spool.oldest()
    if (!batch) return 'nothing'
    const posted = await postChecks({
      url: target,
      token: await token(),
      checks: batch.checks,
      signal: stopping.signal,
      now: clock.now,
    })
    if ('problem' in posted) return posted
    const { accepted, refused, why, location: named } = posted.answer
    await batch.taken()
    metrics.checks('accepted', accepted)
    metrics.checks('refused', refused)
    metrics.succeeded(clock.now())
    if (named !== location)
      log.info({ location: named }, `checks are reported to ${url.href} as the location ${shown(named)}`)
    location = named
    if (refused > 0)
      log.error(
        { checks: refused },
        `${url.href} refuses ${plural(refused, 'check')}: ${shown(why.join('; '))}`,
      )
    return 'sent'
  }

  later(0)
  let stopped: Promise<void> | undefined
  async function finish(): Promise<void> {
    stopping.abort()
    callOff()
    await sending
    await spool.close()
  }
  return {
    add(row) {
      spool.add(toReported(row))
    },
    stop: () => (stopped ??= finish()),
  }
}

/** Terminals obey control characters, and this is what another program says. */
function shown(text: string): string {
  return cut(oneLine(text), 300)
}
