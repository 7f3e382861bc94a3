import * as z from 'zod'
import { messageOf, ProbityError } from '../../lib/errors.ts'
import { dateTime } from '../../lib/text/date-time.ts'
import { oneLine } from '../../lib/text/text.ts'
import { readAnswer, withText } from './read-answer.ts'
import type { AskOptions } from './status.ts'

const answerSchema = z.object({ marks: z.array(z.object({ title: z.string(), at: z.iso.datetime() })) })

/** What is marked. */
export interface MarkRequest {
  readonly title: string
  /** RFC 3339. Default: now. */
  readonly at?: string
  readonly target?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly url?: string
}

/**
 * Says to a running Probity that something has changed.
 *
 * @returns One line for a person.
 * @throws ProbityError `PROBITY_UNREACHABLE`, `PROBITY_REFUSED` with its own words.
 */
export async function sendMark({ url, token }: AskOptions, mark: MarkRequest): Promise<string> {
  const answer = await fetch(`${url.replace(/\/$/, '')}/api/v1/marks`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(mark),
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
  if (!answer.ok) throw new ProbityError('PROBITY_REFUSED', refusal(text, answer.status))
  const { marks } = readAnswer(answerSchema, text, url)
  return marks.map(({ title, at }) => `${dateTime(new Date(at))}  ${oneLine(title)}\n`).join('')
}

function refusal(text: string, status: number): string {
  if (status === 404 && !text.startsWith('{'))
    return 'it stores no marks: an exporter needs DATABASE_URL for that'
  try {
    return oneLine((JSON.parse(text) as { error: string }).error)
  } catch {
    return `Probity answered ${status}: ${oneLine(text).slice(0, 500)}`
  }
}
