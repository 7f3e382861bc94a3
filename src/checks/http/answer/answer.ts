import type { Failure } from '../../../net/failure.ts'
import { readBody, unknownCoding } from './body.ts'
import type { Exchange } from '../exchange/http1.ts'
import { judgeHead, judgeProtocol, judgesBody } from './expect.ts'
import { charset, contentCodings } from '../headers.ts'
import { isRedirect } from '../redirects.ts'
import type { HttpRequest } from '../exchange/request.ts'
import type { HttpRun } from '../run.ts'
import { bodyRules } from '../body/question.ts'

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
  evidence.verdict = verdict && explained(verdict, statusCode, request)
  evidence.failedDueToRegex = verdict?.reason === 'header'
  let body: Buffer
  try {
    body = await read(answer, run)
  } finally {
    evidence.end(clock.monotonic())
    context.log.add('body read', { bytes: evidence.bodyLength })
  }
  // Last, so that the regexes have their say in probe_failed_due_to_regex, as in blackbox_exporter.
  return (await judgeText(body, answer, run)) ?? judgeProtocol({ version, ssl: evidence.ssl }, check.expect)
}

function isWanted({ check, harvest }: HttpRun): boolean {
  return judgesBody(check.expect) || (harvest !== undefined && harvest.wanted.length > 0)
}

async function read(answer: Exchange, run: HttpRun): Promise<Buffer> {
  const { check, evidence } = run
  evidence.doing = 'reading the body'
  return readBody(answer.body, {
    codings: contentCodings(answer.headers),
    maxBytes: check.expect.maxBody,
    keep: isWanted(run),
    onProgress: (bytes) => {
      evidence.bodyLength = bytes
      evidence.doing = `reading the body, ${bytes} bytes so far`
    },
  })
}

async function judgeText(body: Buffer, { headers }: Exchange, run: HttpRun): Promise<Failure | undefined> {
  const { check, evidence, harvest, context } = run
  if (!isWanted(run)) return evidence.verdict
  const coding = unknownCoding(contentCodings(headers))
  if (coding !== undefined) {
    return (
      evidence.verdict ?? {
        reason: 'body',
        message: `the body cannot be checked: its content coding "${coding.slice(0, 40)}" is not known`,
      }
    )
  }
  evidence.doing = 'checking the body'
  const judged = evidence.verdict === undefined && judgesBody(check.expect)
  const { message, captured } = await run.judgeBody(
    body,
    {
      charset: charset(headers),
      captures: harvest?.wanted ?? [],
      ...(judged && { rules: bodyRules(check.expect) }),
    },
    context.signal,
  )
  harvest?.body(captured)
  if (!judged) return evidence.verdict
  evidence.failedDueToRegex = message !== undefined
  return message === undefined ? undefined : { reason: 'body', message }
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
