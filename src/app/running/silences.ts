import * as z from 'zod'
import { messageOf, ProbityError } from '../../lib/errors.ts'
import { dateTime } from '../../lib/text/date-time.ts'
import { oneLine } from '../../lib/text/text.ts'
import { readAnswer, withText } from './read-answer.ts'
import type { AskOptions } from './status.ts'

const silenceSchema = z.object({
  id: z.string(),
  match: z.string(),
  endsAt: z.iso.datetime(),
  createdBy: z.string(),
  comment: z.string(),
  acknowledges: z.object({ alertname: z.string(), target: z.string() }).exactOptional(),
})

const answerSchema = z.object({ silences: z.array(silenceSchema) })

/** What is used of a silence in the answers of /api/v1/silences. */
export type RunningSilence = Readonly<z.infer<typeof silenceSchema>>

export interface SilencesQuestion {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Below /api/v1/silences. Default: that itself. */
  readonly path?: string
  readonly body?: object
}

/**
 * Asks a running Probity about its silences, or to change them.
 *
 * @throws ProbityError `PROBITY_UNREACHABLE`, `PROBITY_REFUSED` with its own words.
 */
export async function askSilences(
  { url, token }: AskOptions,
  { method, path = '', body }: SilencesQuestion,
): Promise<readonly RunningSilence[]> {
  const answer = await fetch(`${url.replace(/\/$/, '')}/api/v1/silences${path}`, {
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
  const { text } = answer
  if (answer.ok) return readAnswer(answerSchema, text, url).silences
  const isMissing = answer.status === 404 && !text.startsWith('{')
  const words = isMissing
    ? 'it keeps no silences: an exporter needs --alertmanager.url for that'
    : errorOf(text, answer.status)
  throw new ProbityError('PROBITY_REFUSED', words)
}

function errorOf(text: string, status: number): string {
  try {
    return oneLine((JSON.parse(text) as { error: string }).error)
  } catch {
    return `Probity answered ${status}: ${oneLine(text).slice(0, 500)}`
  }
}

/** One line for each, for a person. */
export function describeSilences(silences: readonly RunningSilence[]): string {
  if (silences.length === 0) return 'nothing is silenced\n'
  return silences
    .map(({ id, match, endsAt, createdBy, comment, acknowledges }) => {
      const what = acknowledges
        ? `${acknowledges.alertname} of ${acknowledges.target}, acknowledged by ${createdBy}`
        : `${match}, by ${createdBy}`
      return `${id}  until ${dateTime(new Date(endsAt))}  ${oneLine(`${what}${comment === '' ? '' : `: ${comment}`}`)}\n`
    })
    .join('')
}
