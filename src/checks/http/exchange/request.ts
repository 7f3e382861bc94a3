import type { Auth } from '../settings/auth.ts'
import type { HttpCheck } from '../schema.ts'
import { version } from '../../../lib/version.ts'

/** One request on the way to the answer: the configured one, or the one that a redirect asks for. */
export interface HttpRequest {
  readonly url: URL
  /** What is asked for, where the path of the URL is not what was written. */
  readonly target?: string
  readonly method: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Whether headers were left out because a redirect led to another origin. */
  readonly withheld: boolean
}

/**
 * The request that a check asks for, complete with what every client sends.
 *
 * @param accessToken What an `oauth2` check presents.
 */
export function firstRequest(
  { url, target, method, headers, body, auth }: HttpCheck,
  accessToken?: string,
): HttpRequest {
  const configured = lowerCaseNames(headers)
  const credentials = authorization(auth ?? userinfo(url), accessToken)
  return {
    url,
    ...(target !== undefined && { target }),
    method,
    headers: {
      'user-agent': `Probity/${version}`,
      accept: '*/*',
      'accept-encoding': 'gzip, deflate, br',
      ...configured,
      ...(credentials !== undefined && { authorization: credentials }),
    },
    ...(body !== undefined && { body }),
    withheld: false,
  }
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function userinfo({ username, password }: URL): Auth | undefined {
  if (username === '' && password === '') return undefined
  return { type: 'basic', username: decode(username), password: decode(password) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** RFC 7617 (in UTF-8) and RFC 6750. */
function authorization(auth: Auth | undefined, accessToken: string | undefined): string | undefined {
  if (!auth) return undefined
  if (auth.type === 'bearer') return `Bearer ${auth.token}`
  // Only the challenge of a server says what to answer.
  if (auth.type === 'digest') return undefined
  if (auth.type === 'oauth2') return accessToken === undefined ? undefined : `Bearer ${accessToken}`
  return `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`
}

/** Where a request goes or a response came from, as it may be shown: without userinfo, query and fragment. */
export function shownUrl({ origin, pathname }: URL): string {
  const shown = `${origin}${pathname}`
  return shown.length > 200 ? `${shown.slice(0, 200)}…` : shown
}
