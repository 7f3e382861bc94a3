import type { Failure } from '../../../net/failure.ts'
import { readBody, unknownCoding } from './body.ts'
import type { Exchange } from '../exchange/http1.ts'
import { decodeText, judgeBody, judgeHead, judgeProtocol, judgesBody } from './expect.ts'
import { charset, contentCodings } from '../headers.ts'
import { isRedirect } from '../redirects.ts'
import type { HttpRequest } from '../exchange/request.ts'
import type { HttpRun } from '../run.ts'

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
  try {
    const body = await read(answer, run)
    // Last, so that the regexes have their say in probe_failed_due_to_regex, as in blackbox_exporter.
    return judgeText(body, answer, run) ?? judgeProtocol({ version, ssl: evidence.ssl }, check.expect)
  } finally {
    evidence.end(clock.monotonic())
    context.log.add('body read', { bytes: evidence.bodyLength })
  }
}

async function read(answer: Exchange, { check, evidence, harvest }: HttpRun): Promise<Buffer> {
  evidence.doing = 'reading the body'
  return readBody(answer.body, {
    codings: contentCodings(answer.headers),
    maxBytes: check.expect.maxBody,
    keep: judgesBody(check.expect) || harvest?.needsBody === true,
    onProgress: (bytes) => {
      evidence.bodyLength = bytes
      evidence.doing = `reading the body, ${bytes} bytes of it so far`
    },
  })
}

function judgeText(body: Buffer, { headers }: Exchange, run: HttpRun): Failure | undefined {
  const { check, evidence, harvest } = run
  const judged = judgesBody(check.expect)
  if (!judged && !harvest?.needsBody) return evidence.verdict
  const coding = unknownCoding(contentCodings(headers))
  if (coding !== undefined) {
    return (
      evidence.verdict ?? {
        reason: 'body',
        message: `the body cannot be judged: its content coding "${coding.slice(0, 40)}" is not known`,
      }
    )
  }
  if (harvest?.needsBody) harvest.body(decodeText(body, charset(headers)))
  if (!judged || evidence.verdict) return evidence.verdict
  const failure = judgeBody(body, headers, check.expect)
  evidence.failedDueToRegex = failure !== undefined
  return failure
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
