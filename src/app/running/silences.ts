import * as z from 'zod'
import { dateTime } from '../../lib/text/date-time.ts'
import { oneLine } from '../../lib/text/text.ts'
import { askRunning } from './ask.ts'
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
  asked: AskOptions,
  { method, path = '', body }: SilencesQuestion,
): Promise<readonly RunningSilence[]> {
  const { silences } = await askRunning(asked, {
    method,
    path: `/api/v1/silences${path}`,
    body,
    shape: answerSchema,
    missing: 'it keeps no silences: an exporter needs --alertmanager.url for that',
  })
  return silences
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
