import type { CommandRun } from '../../lib/command-run/run.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import type { Timers } from '../../lib/time/timers.ts'
import { within } from '../../lib/time/within.ts'

export interface ReportRunsOptions {
  /** The exporter, which keeps what commands did. */
  readonly url: URL
  /** A token that the exporter wants. Default: it wants none. */
  readonly token?: () => Promise<string>
  readonly timers: Timers
  readonly log: Pick<Logger, 'warn' | 'info'>
}

export interface RunReports {
  /** Reports a run in the background. Never waits, never throws. */
  readonly add: (run: CommandRun) => void
  /** Sends what waits, unless that takes longer than a second. */
  readonly stop: () => Promise<void>
}

/** Runs that wait for the exporter at most; of more, the oldest are not reported. */
const mostWaiting = 100

/** Attempts for one run: for about an hour. */
const mostAttempts = 20

const timeoutMs = 10_000
const firstPauseMs = 1000
const longestPauseMs = 300_000
const lastMs = 1000

/** What the exporter refuses now, it refuses later, too, apart from these. */
const isWorthRetrying = (status: number): boolean =>
  status >= 500 || [401, 403, 404, 408, 429].includes(status)

/**
 * Reports to the exporter what commands did. Notifications never wait for it: a run that cannot be reported is tried again after
 * 1 s, 2 s, 4 s and so on up to 5 min, 20 times in all.
 */
export function reportRuns({ url, token, timers, log }: ReportRunsOptions): RunReports {
  const base = url.href.replace(/\/+$/, '')
  let waiting: { readonly run: CommandRun; attempts: number }[] = []
  let sending: Promise<void> | undefined
  let cancel = (): void => undefined
  let troubled = false

  /** @throws Error where it is worth trying again. */
  async function post(run: CommandRun): Promise<void> {
    const response = await fetch(`${base}/api/v1/command-runs`, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${await token()}` }),
      },
      body: JSON.stringify(run),
    })
    const said = cut(oneLine(await response.text()), 300)
    if (response.ok) return
    const message = `it answered ${response.status}: ${said}`
    if (isWorthRetrying(response.status)) throw new Error(message)
    log.warn({ channel: run.channel, error: message }, 'the exporter does not take what a command did')
  }

  async function sendAll(): Promise<void> {
    for (let [first] = waiting; first; [first] = waiting) {
      first.attempts++
      try {
        await post(first.run)
      } catch (error) {
        if (!troubled)
          log.warn(
            { error: messageOf(error) },
            'cannot report to the exporter what commands did, trying again: if it wants tokens, --exporter.token-file needs the scope commands',
          )
        troubled = true
        if (first.attempts < mostAttempts) {
          const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** (first.attempts - 1))
          cancel()
          cancel = timers.after(pause, begin)
          return
        }
      }
      const sent = first
      waiting = waiting.filter((each) => each !== sent)
    }
    if (troubled) log.info('reports to the exporter what commands did again')
    troubled = false
  }

  function begin(): void {
    sending ??= sendAll().finally(() => {
      sending = undefined
    })
  }

  return {
    add(run) {
      waiting = [...waiting, { run, attempts: 0 }].slice(-mostWaiting)
      // While it waits after a failure, what is new waits with it.
      if (!troubled) begin()
    },
    async stop() {
      cancel()
      if (waiting.length > 0) begin()
      await within(sending ?? Promise.resolve(), lastMs, () => undefined)
      cancel()
    },
  }
}
