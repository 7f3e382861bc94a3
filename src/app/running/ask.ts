import type * as z from 'zod'
import { messageOf, ProbityError } from '../../lib/errors.ts'
import { oneLine } from '../../lib/text/text.ts'
import { readAnswer, withText } from './read-answer.ts'
import type { AskOptions } from './status.ts'

export interface Question<T> {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Below the address of Probity, such as `/api/v1/marks`. */
  readonly path: string
  readonly body?: object | undefined
  readonly shape: z.ZodType<T>
  /** What a Probity says that does not have this. */
  readonly missing: string
}

/**
 * Asks a running Probity, or asks it to change something.
 *
 * @throws ProbityError `PROBITY_UNREACHABLE`, `PROBITY_REFUSED` with its own words.
 */
export async function askRunning<T>({ url, token }: AskOptions, question: Question<T>): Promise<T> {
  const { method, path, body, shape, missing } = question
  const { ok, status, text } = await fetch(`${url.replace(/\/$/, '')}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body && { 'Content-Type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  })
    .then(withText)
    .catch((cause: unknown) => {
      const reason = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause
      throw new ProbityError(
        'PROBITY_UNREACHABLE',
        `cannot ask Probity at ${url}: ${messageOf(reason)}; start it with probity solo, or set its address with --url`,
        { cause },
      )
    })
  if (ok) return readAnswer(shape, text, url)
  const isMissing = status === 404 && !text.startsWith('{')
  throw new ProbityError('PROBITY_REFUSED', isMissing ? missing : refusal(text, status))
}

function refusal(text: string, status: number): string {
  try {
    return oneLine((JSON.parse(text) as { error: string }).error)
  } catch {
    return `Probity answered ${status}: ${oneLine(text).slice(0, 500)}`
  }
}
