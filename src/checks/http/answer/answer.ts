import type { Failure } from '../../../net/failure.ts'
import { readBody } from './body.ts'
import { unknownCoding } from './codings.ts'
import { decidingPart, isEventStream } from './event-stream.ts'
import type { Exchange } from '../exchange/http1.ts'
import { judgeHead, judgeProtocol, judgesBody } from './expect.ts'
import { contentCodings, contentLength, headerValue, type ResponseHeaders } from '../headers.ts'
import { judgeOperation, type Remaining } from '../openapi/judge.ts'
import { isRedirect } from '../redirects.ts'
import type { HttpRequest } from '../exchange/request.ts'
import type { HttpRun } from '../run.ts'
import { bodyRules, type BodyQuestion } from '../body/question.ts'
import { plural } from '../../../lib/text/text.ts'

/** The last answer: its head is judged, its body read and judged. */
export async function judge(
  answer: Exchange,
  request: HttpRequest,
  run: HttpRun,
): Promise<Failure | undefined> {
  const { evidence, clock, context, check, cookies, harvest } = run
  const { statusCode, headers, firstByteAt, version } = answer
  evidence.begin('transfer', firstByteAt)
  harvest?.head(headers, cookies)
  const verdict = judgeHead(statusCode, headers, check.expect)
  const { failure = verdict, remaining } = verdict ? {} : judgeAsSpecified(answer, request, run)
  evidence.verdict = failure && explained(failure, statusCode, request)
  evidence.failedDueToRegex = verdict?.reason === 'header'
  let body: Buffer
  try {
    body = await read(answer, run, remaining)
  } finally {
    evidence.end(clock.monotonic())
    context.log.add('body read', { bytes: evidence.bodyLength })
  }
  // Last, so that the regexes have their say in probe_failed_due_to_regex, as in blackbox_exporter.
  return (
    (await judgeText(body, answer, run, remaining)) ??
    judgeProtocol({ version, ssl: evidence.ssl, oddities: evidence.oddities }, check.expect)
  )
}

function isWanted({ check, harvest }: HttpRun): boolean {
  return judgesBody(check.expect) || (harvest !== undefined && harvest.wanted.length > 0)
}

/** What a specification says of the answer, where there is one. */
function judgeAsSpecified(
  { statusCode, headers }: Exchange,
  { method }: HttpRequest,
  { check }: HttpRun,
): { readonly failure?: Failure; readonly remaining?: Remaining } {
  const { operation } = check.expect
  if (!operation) return {}
  const hasBody = method !== 'HEAD' && statusCode !== 204 && statusCode !== 304
  const judged = judgeOperation(operation, { statusCode, headers, hasBody })
  return 'reason' in judged ? { failure: judged } : { remaining: judged }
}

async function read(
  { statusCode, headers, body }: Exchange,
  run: HttpRun,
  remaining: Remaining | undefined,
): Promise<Buffer> {
  const { check, evidence, context } = run
  evidence.doing = 'reading the body'
  const isStream = isEventStream(headers, contentLength(headers, statusCode))
  return readBody(body, {
    codings: contentCodings(headers),
    maxBytes: check.expect.maxBody,
    keep: isWanted(run),
    onProgress: (bytes) => {
      evidence.bodyLength = bytes
      evidence.doing = `reading the body, ${plural(bytes, 'byte')} so far`
    },
    ...(isStream && {
      enough: decidingPart({
        question: questionOf(headers, run, remaining),
        judge: (bytes, question) => run.judgeBody(bytes, question, context.signal),
        onMissing: (message) => {
          evidence.doing = `reading the event stream (${message})`
        },
      }),
    }),
  })
}

function questionOf(
  headers: ResponseHeaders,
  { check, evidence, harvest }: HttpRun,
  remaining: Remaining | undefined,
): BodyQuestion {
  const judged = evidence.verdict === undefined && judgesBody(check.expect)
  return {
    contentType: headerValue(headers, 'content-type') ?? '',
    captures: harvest?.wanted ?? [],
    ...(judged && { rules: bodyRules(check.expect, remaining) }),
  }
}

async function judgeText(
  body: Buffer,
  { headers }: Exchange,
  run: HttpRun,
  remaining: Remaining | undefined,
): Promise<Failure | undefined> {
  const { evidence, harvest, context, clock } = run
  if (!isWanted(run)) return evidence.verdict
  evidence.doing = 'checking the body'
  const question = questionOf(headers, run, remaining)
  const began = clock.monotonic()
  const found = await run.judgeBody(body, question, context.signal)
  evidence.judgingSeconds += (clock.monotonic() - began) / 1000
  const { message, failedDueToCel = false, failedDueToValue = false, captured } = found
  harvest?.body(captured)
  if (!question.rules) return evidence.verdict
  evidence.failedDueToRegex = message !== undefined && !failedDueToCel && !failedDueToValue
  if (failedDueToCel) evidence.failedDueToCel = true
  evidence.unknownFields = found.unknownFields
  if (message !== undefined && failedDueToValue) return { reason: 'header', message }
  return message === undefined ? undefined : { reason: 'body', message: `${message}${hintOf(headers)}` }
}

/** Why a body may look like nothing that anybody expects. */
function hintOf(headers: ResponseHeaders): string {
  const coding = unknownCoding(contentCodings(headers))
  return coding === undefined
    ? ''
    : ` (its content coding "${coding.slice(0, 40)}" is not known, and was not undone)`
}

/** Adds what a person would otherwise have to find out. */
function explained(failure: Failure, statusCode: number, { withheld }: HttpRequest): Failure {
  if (failure.reason !== 'status') return failure
  if (isRedirect(statusCode))
    return { ...failure, message: `${failure.message} (redirects are not followed)` }
  if (withheld && (statusCode === 401 || statusCode === 403)) {
    return {
      ...failure,
      message: `${failure.message} (a redirect led to another origin, which gets no credentials)`,
    }
  }
  return failure
}
