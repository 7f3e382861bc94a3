import type { Dispatcher } from 'undici'
import { withDeadline } from '../../lib/time/deadline.ts'
import { ProbityError } from '../../lib/errors.ts'
import { version } from '../../lib/version.ts'
import { isPrivate, shownConfigUrl } from './address.ts'
import { discard, networkError, readText } from './answer.ts'

/** What the server of a configuration has said. */
export type Fetched =
  | { readonly unchanged: true }
  | { readonly unchanged: false; readonly text: string; readonly etag?: string }

export interface FetchOptions {
  /** Sent to the URL's own origin only. Default: none. */
  readonly token?: string | undefined
  /** Of the text that is known already. */
  readonly etag?: string | undefined
  readonly signal: AbortSignal
  /** Milliseconds for all of it. Default 10,000. */
  readonly timeoutMs?: number
  /** MiB that the text may have. Default 10. */
  readonly maxMebibytes?: number
  /** What to do where access is refused. Default: to look at the token. */
  readonly ifRefused?: string
}

/** As many as are of any use between a name and its storage. */
const maxRedirects = 5

/**
 * Asks for a configuration, over its own connection.
 *
 * @throws ProbityError `CONFIG_UNREACHABLE` when none can be fetched.
 */
export async function fetchConfig(url: URL, options: FetchOptions): Promise<Fetched> {
  const { signal, timeoutMs = 10_000 } = options
  return withDeadline(signal, timeoutMs, async (deadline) => {
    try {
      return await follow(url, options, deadline.signal)
    } catch (cause) {
      if (cause instanceof ProbityError) throw cause
      const why = deadline.passed() ? `no answer within ${timeoutMs / 1000}s` : networkError(cause)
      throw unreachable(why, cause)
    }
  })
}

function unreachable(why: string, cause?: unknown): ProbityError {
  return new ProbityError('CONFIG_UNREACHABLE', `cannot be fetched: ${why}`, { cause })
}

async function follow(first: URL, options: FetchOptions, signal: AbortSignal): Promise<Fetched> {
  // Hardly any configuration comes from a URL, and the library takes long to load.
  const { request } = await import('undici')
  let url = first
  let { token } = options
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const response = await request(url, { headers: headersOf(token, options.etag), reset: true, signal })
    const { location } = response.headers
    if (!isRedirect(response.statusCode) || typeof location !== 'string') {
      return await read(response, options, signal)
    }
    discard(response)
    const next = redirected(url, location)
    if (next.origin !== url.origin) token = undefined
    url = next
  }
  throw unreachable(`more than ${maxRedirects} redirects`)
}

function headersOf(token: string | undefined, etag: string | undefined): Record<string, string> {
  return {
    'user-agent': `Probity/${version}`,
    accept: 'application/yaml, text/yaml, text/plain, */*',
    'accept-encoding': 'identity',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(etag !== undefined && { 'if-none-match': etag }),
  }
}

function isRedirect(statusCode: number): boolean {
  return [301, 302, 303, 307, 308].includes(statusCode)
}

function redirected(from: URL, location: string): URL {
  const url = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  if (!url) throw unreachable('it redirects to an invalid URL')
  url.username = url.password = url.hash = ''
  const weaker = from.protocol === 'https:' && url.protocol !== 'https:'
  if (weaker || !isPrivate(url))
    throw unreachable(`it redirects to ${shownConfigUrl(url)}, which is not private`)
  return url
}

async function read(
  response: Dispatcher.ResponseData,
  { etag: known, maxMebibytes, ifRefused }: FetchOptions,
  signal: AbortSignal,
): Promise<Fetched> {
  const { statusCode, headers } = response
  if (statusCode === 304 && known !== undefined) {
    discard(response)
    return { unchanged: true }
  }
  if (statusCode !== 200 || headers['content-encoding'] !== undefined) {
    discard(response)
    throw unreachable(refusal(statusCode, ifRefused))
  }
  const text = await readText(response, signal, maxMebibytes)
  const { etag } = headers
  return { unchanged: false, text, ...(typeof etag === 'string' && { etag }) }
}

function refusal(
  statusCode: number,
  ifRefused = 'check the token of PROBITY_CONFIG_TOKEN or --config.token-file',
): string {
  const hint = statusCode === 401 || statusCode === 403 ? `: ${ifRefused}` : ''
  return statusCode === 200
    ? 'the answer is compressed, which was not requested'
    : `the server answered ${statusCode}${hint}`
}
