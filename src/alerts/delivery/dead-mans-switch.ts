import { messageOf } from '../../lib/errors.ts'
import { dial } from '../../net/http1/dial.ts'
import { exchange } from '../../net/http1/exchange.ts'
import type { Logger } from '../../lib/logger.ts'
import { redact } from '../../lib/text/redact.ts'
import type { Timers } from '../../lib/time/timers.ts'
import { version } from '../../lib/version.ts'

/** Milliseconds that one ping may take. */
const timeoutMs = 10_000

/**
 * Pings a dead-man's switch once, as healthchecks.io wants it: https://healthchecks.io/docs/http_api/
 *
 * @throws Error when its status line does not say 2xx; what follows that is of no interest. The URL is a secret and does not appear.
 */
export async function pingDeadMansSwitch(url: string, signal?: AbortSignal): Promise<void> {
  const limit = AbortSignal.timeout(timeoutMs)
  try {
    const to = new URL(url)
    const request = { url: to, method: 'GET', headers: { 'user-agent': `Probity/${version}` } }
    const { status } = await exchange(dial(to), request, {
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      wantsBody: () => false,
      maxBodyBytes: 0,
    })
    if (status < 200 || status > 299) throw new Error(`it answered ${status}`)
  } catch (cause) {
    const secrets = [url, URL.canParse(url) ? new URL(url).pathname : url]
    throw new Error(redact(messageOf(cause), secrets), { cause })
  }
}

export interface DeadMansSwitchOptions {
  readonly ping: (signal: AbortSignal) => Promise<void>
  readonly timers: Timers
  readonly log: Logger
  /** Asked before each ping: why alerts cannot be delivered, in which case there is none. Default: they can. */
  readonly trouble?: () => string | undefined
  /** Milliseconds between two pings. Default one minute. */
  readonly everyMs?: number
}

/**
 * Pings at once and from then on every minute, so that somebody else notices when this machine is gone, or can no longer deliver
 * alerts. A ping that fails is logged when it begins to fail; the next follows as if nothing had happened.
 *
 * @returns Ends it. Safe to call twice.
 */
export function startDeadMansSwitch(options: DeadMansSwitchOptions): () => void {
  const { ping, timers, log, trouble = () => undefined, everyMs = 60_000 } = options
  const ending = new AbortController()
  let failing = false
  let silent = false
  let cancel = (): void => undefined

  async function beat(): Promise<void> {
    try {
      await ping(ending.signal)
      if (failing) log.info('the dead-man’s switch can be reached again')
      failing = false
    } catch (error) {
      if (!failing && !ending.signal.aborted)
        log.warn(`the dead-man’s switch cannot be reached: ${messageOf(error)}`)
      failing = true
    }
  }

  function schedule(): void {
    cancel = timers.after(everyMs, run)
  }

  function run(): void {
    schedule()
    const why = trouble()
    if (why !== undefined && !silent) log.error(`the dead-man’s switch is not pinged: ${why}`)
    if (why === undefined && silent) log.info('the dead-man’s switch is pinged again')
    silent = why !== undefined
    if (!silent) void beat()
  }

  run()
  return () => {
    cancel()
    ending.abort()
  }
}
