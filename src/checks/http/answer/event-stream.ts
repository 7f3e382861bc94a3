import type { BodyAnswer, BodyQuestion, BodyRules } from '../body/question.ts'
import { headerValue, type ResponseHeaders } from '../headers.ts'

/**
 * Whether a body is a stream of server-sent events, which usually never ends: nobody knows its length.
 *
 * @param length As `Content-Length` says; -1 where it says nothing.
 */
export function isEventStream(headers: ResponseHeaders, length: number): boolean {
  return length === -1 && /^\s*text\/event-stream\s*(?:;|$)/i.test(headerValue(headers, 'content-type') ?? '')
}

export interface StreamQuestion {
  readonly question: BodyQuestion
  /** Judges a part of the stream, which it may take for itself. */
  readonly judge: (bytes: Buffer, question: BodyQuestion) => Promise<BodyAnswer>
  /** Called with what is missing so far. */
  readonly onMissing: (message: string) => void
}

/**
 * Says which part of a stream decides: its lines until everything is there that is wanted of it, or something that is not. What
 * must not be there is only looked for in that part, as no one can wait for the end.
 */
export function decidingPart({
  question,
  judge,
  onMissing,
}: StreamQuestion): (soFar: Buffer) => Promise<Buffer | undefined> {
  const { rules, captures } = question
  const isOpen = rules !== undefined || captures.length > 0
  return async (soFar) => {
    if (!isOpen) return soFar
    // Half a line may be something else than the whole.
    const lines = soFar.subarray(0, soFar.lastIndexOf(0x0a) + 1)
    if (lines.length === 0) return undefined
    const { message, captured } = await judge(Buffer.from(lines), question)
    const isMissing = message !== undefined || captured.some((found) => 'problem' in found)
    if (!isMissing) return lines
    if (rules && hasUnwanted(rules)) {
      const unwanted = { ...question, captures: [], rules: unwantedOf(rules) }
      if ((await judge(Buffer.from(lines), unwanted)).message !== undefined) return lines
    }
    if (message !== undefined) onMissing(message)
    return undefined
  }
}

function hasUnwanted({ notContains, notMatches }: BodyRules): boolean {
  return notContains.length > 0 || notMatches.length > 0
}

function unwantedOf({ notContains, notMatches }: BodyRules): BodyRules {
  return { notContains, notMatches, contains: [], matches: [], json: [], cel: [] }
}
