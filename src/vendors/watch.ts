import type { Vendor } from '../config/config.ts'
import type { VendorStatusSource } from '../config/document/vendor-status.ts'
import type { FetchDocument } from '../checks/http/document.ts'
import { headerValue } from '../checks/http/headers.ts'
import type { Clock } from '../lib/time/clock.ts'
import { messageOf } from '../lib/errors.ts'
import type { Logger } from '../lib/logger.ts'
import { withDeadline } from '../lib/time/deadline.ts'
import type { Timers } from '../lib/time/timers.ts'
import { readVendorDocument } from './read.ts'
import type { VendorSays, VendorState } from './said.ts'

/** What is known of one vendor. */
export interface VendorReading {
  readonly vendor: string
  /** The last good answer; absent before the first, and where it is older than ten minutes. */
  readonly says?: VendorSays
  /** When it was last read or found unchanged; absent before the first good answer. */
  readonly readAt?: Date
  /** Why the last attempt failed; absent where it did not, and before the first. */
  readonly problem?: string
}

export interface VendorWatch {
  /** To be called with the vendors of each configuration. */
  readonly setVendors: (vendors: ReadonlyMap<string, Vendor>) => void
  /** Those that publish their state, in the order of the configuration. */
  readonly readings: () => readonly VendorReading[]
  readonly of: (vendor: string) => VendorReading | undefined
  readonly stop: () => void
}

export interface VendorWatchOptions {
  readonly fetch: FetchDocument
  /** Refuses an address that a redirect leads to, by throwing. */
  readonly allowAddress: (address: string) => void
  /** Called when a vendor says something else than before, and with the first that it says. */
  readonly onChange: (vendor: string, state: VendorState, at: Date) => void
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Pick<Logger, 'info' | 'warn'>
}

/** Milliseconds from one request to the next. */
const everyMs = 60_000
/** Milliseconds after which a document is asked for even if it has not changed. */
const wholeEveryMs = 15 * 60_000
/** Milliseconds for all of one. */
const timeoutMs = 20_000
/** Milliseconds after which what was read says nothing of now. */
const staleMs = 10 * 60_000
const maxBytes = 8 * 1024 * 1024
const maxRedirects = 3

/** Reads every minute what vendors say of themselves. What goes wrong is logged once, and changes nothing else. */
export function watchVendors(options: VendorWatchOptions): VendorWatch {
  const { clock, timers } = options
  const watched = new Map<string, { readonly key: string; readonly source: Watched }>()
  return {
    setVendors(vendors) {
      for (const [name, { source }] of watched) {
        if (vendors.get(name)?.status) continue
        source.stop()
        watched.delete(name)
      }
      for (const [name, { status }] of vendors) {
        if (!status) continue
        const key = JSON.stringify(status)
        const before = watched.get(name)
        if (before?.key === key) continue
        before?.source.stop()
        watched.set(name, { key, source: watchOne(name, status, options) })
      }
    },
    readings: () => [...watched.values()].map(({ source }) => fresh(source.reading(), clock.now())),
    of(vendor) {
      const one = watched.get(vendor)
      return one && fresh(one.source.reading(), clock.now())
    },
    stop() {
      for (const { source } of watched.values()) source.stop()
      watched.clear()
    },
  }

  function fresh(reading: VendorReading, now: number): VendorReading {
    const { says, ...rest } = reading
    const isOld = reading.readAt === undefined || now - reading.readAt.getTime() > staleMs
    return isOld ? rest : reading
  }

  function watchOne(
    vendor: string,
    status: VendorStatusSource,
    { log, onChange }: VendorWatchOptions,
  ): Watched {
    const stopping = new AbortController()
    let known: { readonly at: number; readonly headers: Readonly<Record<string, string>> } | undefined
    let reading: VendorReading = { vendor }
    let reported: VendorState | undefined
    let callOff = timers.after(0, poll)

    function poll(): void {
      void ask()
        .catch((error: unknown) => {
          failed(messageOf(error))
        })
        .finally(() => {
          if (!stopping.signal.aborted) callOff = timers.after(everyMs, poll)
        })
    }

    async function ask(): Promise<void> {
      const { fetch, allowAddress } = options
      const { url, format, components, proxy } = status
      const answer = await withDeadline(stopping.signal, timeoutMs, async ({ signal, passed }) => {
        try {
          // What has an end may end without a change of the document.
          if (known && clock.now() - known.at > wholeEveryMs) known = undefined
          const headers = {
            accept: 'application/json, application/atom+xml, application/rss+xml, */*',
            ...known?.headers,
          }
          return await fetch({
            url,
            headers,
            ...(proxy && { proxy }),
            maxBytes,
            maxRedirects,
            allowAddress,
            signal,
          })
        } catch (cause) {
          throw passed() ? new Error(`no answer within ${timeoutMs / 1000}s`, { cause }) : cause
        }
      })
      if (stopping.signal.aborted) return
      const now = clock.now()
      if (answer.statusCode === 304 && known && reading.says) {
        succeeded(reading.says, now)
        return
      }
      if (answer.statusCode !== 200) throw new Error(`the server answered ${answer.statusCode}`)
      const said = await readVendorDocument(answer.body, { components, now, ...(format && { format }) })
      known = { at: now, headers: conditions(answer.headers) }
      succeeded(said, now)
    }

    function succeeded(said: VendorSays, now: number): void {
      if (stopping.signal.aborted) return
      if (reading.problem !== undefined) log.info({ vendor }, 'the status of a vendor can be read again')
      reading = { vendor, says: said, readAt: new Date(now) }
      if (reported === said.state) return
      reported = said.state
      onChange(vendor, said.state, new Date(now))
    }

    function failed(problem: string): void {
      if (stopping.signal.aborted) return
      if (reading.problem === undefined)
        log.warn({ vendor, error: problem }, 'the status of a vendor cannot be read, trying again')
      known = undefined
      reading = { ...reading, problem }
    }

    return {
      reading: () => reading,
      stop() {
        stopping.abort(new Error('stopped'))
        callOff()
      },
    }
  }
}

interface Watched {
  readonly reading: () => VendorReading
  readonly stop: () => void
}

function conditions(headers: Parameters<typeof headerValue>[0]): Record<string, string> {
  const etag = headerValue(headers, 'etag')
  const modified = headerValue(headers, 'last-modified')
  return {
    ...(etag !== undefined && { 'if-none-match': etag }),
    ...(modified !== undefined && { 'if-modified-since': modified }),
  }
}
