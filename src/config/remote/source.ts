import { createHash } from 'node:crypto'
import { messageOf } from '../../lib/errors.ts'
import { ConfigError } from '../../settings/errors.ts'
import type { Sources } from '../../settings/sources.ts'
import { parseConfigUrl, shownConfigUrl } from './address.ts'
import { fetchConfig } from './fetch.ts'

/** How a configuration is asked for that comes from a URL. */
export interface RemoteAccess {
  /** What is sent as `Authorization: Bearer`, asked for before every request. Default: nothing. */
  readonly token?: () => Promise<string | undefined>
  /** The environment variables that the configuration may use; `PREFIX_*` too. Default: none. */
  readonly allowEnv?: readonly string[]
  /** Milliseconds that a request may take. Default 10,000. */
  readonly timeoutMs?: number
}

/** A configuration that comes from a URL. */
export interface RemoteSource {
  /** Asks for it; true when what {@link read} gives is something else than the last time. */
  readonly poll: () => Promise<boolean>
  /**
   * What the last poll has brought, once; asks for it where there was none since.
   *
   * @throws {@link ConfigError} where it cannot be fetched.
   */
  readonly read: () => Promise<Sources>
  /** Gives up what is under way. */
  readonly stop: () => void
}

type Outcome = { readonly text: string } | { readonly problem: string }

/**
 * @param location Its URL.
 * @throws ProbityError `CONFIG_URL_INVALID`.
 */
export function createRemoteSource(location: string, access: RemoteAccess = {}): RemoteSource {
  const url = parseConfigUrl(location)
  const file = shownConfigUrl(url)
  let stopping = new AbortController()
  let known: { readonly text: string; readonly etag?: string } | undefined
  let waiting: Outcome | undefined
  let lastRead: string | undefined
  let asking: Promise<Outcome> | undefined

  async function ask(): Promise<Outcome> {
    try {
      const token = await access.token?.()
      const { timeoutMs } = access
      const fetched = await fetchConfig(url, {
        token,
        etag: known?.etag,
        signal: stopping.signal,
        ...(timeoutMs !== undefined && { timeoutMs }),
      })
      if (!fetched.unchanged) known = fetched
      return known ? { text: known.text } : { problem: 'cannot be fetched: the server has nothing' }
    } catch (error) {
      return { problem: messageOf(error) }
    }
  }

  /** One request at a time, no matter who wants to know. */
  function fetchOnce(): Promise<Outcome> {
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }

  return {
    async poll() {
      const outcome = await fetchOnce()
      const changed = nameOf(outcome) !== lastRead
      waiting = changed ? outcome : undefined
      return changed
    },
    async read() {
      const outcome = waiting ?? (await fetchOnce())
      waiting = undefined
      lastRead = nameOf(outcome)
      if ('problem' in outcome) throw remoteError(file, outcome.problem)
      return sourcesOf(file, outcome.text)
    },
    stop() {
      stopping.abort(new Error('stopped'))
      stopping = new AbortController()
    },
  }
}

function nameOf(outcome: Outcome): string {
  return createHash('sha256').update(JSON.stringify(outcome)).digest('hex')
}

function remoteError(file: string, message: string): ConfigError {
  return new ConfigError([{ file, line: 0, column: 0, path: '', message }])
}

/** A configuration of one text that is in no file. */
export function sourcesOf(file: string, text: string): Sources {
  return { sources: [{ file, text }], directory: '/', files: [] }
}
