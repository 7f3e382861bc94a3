import * as z from 'zod'
import { dateTime } from '../../lib/text/date-time.ts'
import { oneLine } from '../../lib/text/text.ts'
import { askRunning } from './ask.ts'
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
export async function sendMark(asked: AskOptions, mark: MarkRequest): Promise<string> {
  const { marks } = await askRunning(asked, {
    method: 'POST',
    path: '/api/v1/marks',
    body: mark,
    shape: answerSchema,
    missing: 'it stores no marks: an exporter needs DATABASE_URL for that',
  })
  return marks.map(({ title, at }) => `${dateTime(new Date(at))}  ${oneLine(title)}\n`).join('')
}
