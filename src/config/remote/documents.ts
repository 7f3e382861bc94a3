import type { Clock } from '../../lib/time/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Timers } from '../../lib/time/timers.ts'
import { maxTextMebibytes } from '../../settings/secrets.ts'
import type { Config } from '../config.ts'
import type { Documents, Fetched } from '../load/documents.ts'
import { parseConfigUrl, shownConfigUrl } from './address.ts'
import type { KeptDocuments } from './documents-copy.ts'
import { fetchConfig } from './fetch.ts'

/** Milliseconds from one request to the next. A specification changes with a release. */
const everyMs = 60_000

export interface FollowedDocumentsOptions {
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
  /** Default: they end with the process. */
  readonly kept?: KeptDocuments
  /** Called when one of them says something else than before. */
  readonly onChange: () => Promise<void>
}

/** The documents of a configuration that are named by a URL, such as specifications. */
export interface FollowedDocuments {
  readonly fetched: Documents
  /**
   * Asks for those that are not there.
   *
   * @returns Whether none was missing, so that the configuration has everything that is known.
   */
  readonly askNew: (config: Config) => Promise<boolean>
  /** Asks for those of this configuration from now on, and for no others. */
  readonly follow: (config: Config) => void
  readonly stop: () => Promise<void>
}

interface State {
  readonly url: string
  text?: string
  etag?: string
  problem?: string
  asking?: Promise<boolean>
  callOff?: () => void
}

export function followDocuments(options: FollowedDocumentsOptions): FollowedDocuments {
  const { clock, timers, log, kept, onChange } = options
  const states = new Map<string, State>()
  const stopping = new AbortController()
  let saving: Promise<void> = Promise.resolve()

  /** @returns Whether it says something else than before. */
  async function ask(state: State): Promise<boolean> {
    const { url } = state
    try {
      const answer = await fetchDocument(url, state.etag, stopping.signal)
      if (state.problem !== undefined && state.text !== undefined)
        log.info({ url: shown(url) }, 'the document can be fetched again')
      delete state.problem
      if (answer.unchanged) return false
      const isOther = answer.text !== state.text
      state.text = answer.text
      if (answer.etag === undefined) delete state.etag
      else state.etag = answer.etag
      return isOther
    } catch (error) {
      if (stopping.signal.aborted) return false
      const problem = messageOf(error)
      // Once, and not at every request.
      if (state.problem === undefined && state.text !== undefined) warn(url, problem)
      state.problem = problem
      return false
    }
  }

  function warn(url: string, problem: string): void {
    log.warn({ url: shown(url), problem }, 'the document cannot be fetched: what it said last stays in force')
  }

  /** One request at a time, no matter who wants to know. */
  function askOnce(state: State): Promise<boolean> {
    state.asking ??= ask(state).finally(() => {
      delete state.asking
    })
    return state.asking
  }

  async function askFirst(url: string): Promise<void> {
    const state = states.get(url) ?? { url }
    states.set(url, state)
    await askOnce(state)
    if (state.text !== undefined) return
    const before = await kept?.load(url)
    if (before === undefined) return
    state.text = before
    warn(url, state.problem ?? '')
  }

  function schedule(state: State): void {
    state.callOff = timers.after(everyMs, () => {
      schedule(state)
      void poll(state)
    })
  }

  async function poll(state: State): Promise<void> {
    if ((await askOnce(state)) && states.get(state.url) === state) await onChange()
  }

  return {
    fetched(url): Fetched | undefined {
      const { text, problem } = states.get(url) ?? {}
      if (text !== undefined) return { text }
      return problem === undefined ? undefined : { problem }
    },
    async askNew({ documents = [] }) {
      const missing = documents.filter((url) => states.get(url)?.text === undefined)
      await Promise.all(missing.map(askFirst))
      return missing.length === 0
    },
    follow({ documents = [] }) {
      const wanted = new Set(documents)
      for (const [url, state] of states) {
        if (wanted.has(url)) continue
        state.callOff?.()
        states.delete(url)
      }
      for (const state of states.values()) if (!state.callOff) schedule(state)
      if (!kept || wanted.size === 0) return
      const texts = [...states].flatMap(([url, { text }]) =>
        text === undefined ? [] : [[url, text] as const],
      )
      saving = saving.then(() => kept.save(new Map(texts), clock.now()))
    },
    async stop() {
      stopping.abort(new Error('stopped'))
      for (const { callOff } of states.values()) callOff?.()
      await Promise.all([...states.values()].flatMap(({ asking }) => asking ?? []))
      await saving
    },
  }
}

/** Asks for documents once, for a command that ends. */
export async function fetchDocuments(urls: readonly string[]): Promise<Documents> {
  const { signal } = new AbortController()
  const found = new Map<string, Fetched>()
  const ask = async (url: string): Promise<void> => {
    const answer = await fetchDocument(url, undefined, signal).catch((error: unknown) => ({
      problem: messageOf(error),
    }))
    if (!('unchanged' in answer)) found.set(url, answer)
    else if (!answer.unchanged) found.set(url, { text: answer.text })
  }
  await Promise.all(urls.map(ask))
  return (url) => found.get(url)
}

function fetchDocument(url: string, etag: string | undefined, signal: AbortSignal) {
  const ifRefused = 'no credentials are sent; put a copy into the folder of the configuration'
  return fetchConfig(parseConfigUrl(url), { etag, signal, maxMebibytes: maxTextMebibytes, ifRefused })
}

function shown(url: string): string {
  return shownConfigUrl(parseConfigUrl(url))
}
