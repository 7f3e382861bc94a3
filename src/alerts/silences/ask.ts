import { messageOf, ProbityError } from '../../lib/errors.ts'
import { readBodyWithin } from '../../lib/http/limited-body.ts'
import { cut, oneLine } from '../../lib/text/text.ts'

export interface AskAlertmanagerOptions {
  /** Where Alertmanager is found; a path is a prefix, and a user and a password are sent. */
  readonly url: URL
  /** Milliseconds for an answer. Default 3 s: pages wait for it. */
  readonly timeoutMs?: number
  /** Bytes of an answer at most. Default 32 MiB, which is tens of thousands of alerts. */
  readonly maxBytes?: number
}

export interface AlertmanagerQuestion {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Below `/api/v2/`. */
  readonly path: string
  readonly body?: object
}

/** Asks Alertmanager something. @returns Its JSON; undefined where the answer has no body. */
export type AskApi = (question: AlertmanagerQuestion) => Promise<unknown>

/**
 * Makes what asks the API of Alertmanager.
 * Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
 *
 * @throws ProbityError From its function: `ALERTMANAGER_UNREACHABLE`, `ALERTMANAGER_REFUSED` with its own words.
 */
export function askApi({
  url,
  timeoutMs = 3000,
  maxBytes = 32 * 1024 * 1024,
}: AskAlertmanagerOptions): AskApi {
  const base = new URL(url)
  const user = decodeURIComponent(base.username)
  const password = decodeURIComponent(base.password)
  base.username = ''
  base.password = ''
  const root = `${base.href.replace(/\/+$/, '')}/api/v2/`
  const authorization =
    user === '' ? {} : { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }

  return async ({ method, path, body }) => {
    const { status, text } = await exchange(method, path, body).catch((cause: unknown) => {
      const reason = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause
      throw new ProbityError(
        'ALERTMANAGER_UNREACHABLE',
        `Alertmanager at ${base.href} does not answer: ${oneLine(messageOf(reason))}; check that it is running, and --alertmanager.url`,
        { cause },
      )
    })
    if (status < 200 || status > 299)
      throw new ProbityError(
        'ALERTMANAGER_REFUSED',
        `Alertmanager answered ${status}: ${cut(oneLine(text.replace(/^"|"\s*$/g, '')), 500)}`,
      )
    if (text.trim() === '') return undefined
    try {
      return JSON.parse(text) as unknown
    } catch {
      throw new ProbityError('ALERTMANAGER_REFUSED', 'Alertmanager answered something that is not JSON')
    }
  }

  async function exchange(
    method: string,
    path: string,
    body: object | undefined,
  ): Promise<{ readonly status: number; readonly text: string }> {
    const response = await fetch(`${root}${path}`, {
      method,
      headers: { ...authorization, ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'error',
    })
    return { status: response.status, text: await readBodyWithin(response, maxBytes) }
  }
}
