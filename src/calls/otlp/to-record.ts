import { httpStatusOfGrpc, splitUrl, type CallRecord } from 'probity-client/wire'
import { first, names } from './attributes.ts'
import { hostOfOperation, operationOf } from './operation.ts'
import { clientKind, producerKind, type Attributes, type ResourceSpan, type Span } from './span.ts'

/** Why no call is made of a span. */
export const ignoredReasons = ['not_client', 'no_host', 'no_duration'] as const
export type IgnoredReason = (typeof ignoredReasons)[number]

/** A longer call is not counted: one such value would spoil every sum. */
const maxSeconds = 86_400

/** The call that a span is about: an HTTP request, or another operation that a program asks somebody else for. */
export function recordOf({ resource, span }: ResourceSpan): CallRecord | IgnoredReason {
  const { kind, attributes, durationSeconds } = span
  // A message that is published is asked of its broker; consumers and servers are the other side.
  const publishes = kind === producerKind && first(attributes, names.messagingSystem) !== undefined
  if (kind !== clientKind && !publishes) return 'not_client'
  if (!(durationSeconds >= 0 && durationSeconds <= maxSeconds)) return 'no_duration'
  const isHttp = first(attributes, names.method) !== undefined
  const call = isHttp ? httpCall(span) : operationCall(span)
  if (call === undefined) return 'no_host'
  return {
    ...call,
    durationSeconds,
    caller: first(resource, names.caller) ?? '',
    version: first(resource, names.version) ?? '',
  }
}

type Call = Omit<CallRecord, 'durationSeconds' | 'caller' | 'version'>

/** What the wire format takes for a method of HTTP. `_OTHER`, which an agent writes for a method that it does not know, is none. */
const knownMethod = /^[a-z][a-z_-]{0,31}$/i

/** @returns Undefined where no valid host is known. */
function httpCall(span: Span): Call | undefined {
  const { attributes, failed } = span
  const url = urlOf(attributes)
  if (url === undefined || splitUrl(url) === undefined) return undefined
  const written = first(attributes, names.method) ?? ''
  const method = knownMethod.test(written) ? written : 'OTHER'
  const status = statusOf(attributes)
  const unanswered = failed && status === undefined
  const error = isRefused(status) ? brokenOf(attributes) : errorOf(attributes, unanswered)
  // SDKs describe one request as HTTP and as the operation behind it, as that of AWS does.
  const operation = first(attributes, [...names.rpcMethod, ...names.genAiOperation]) && operationOf(span)
  return {
    method,
    url,
    ...(status !== undefined && { status }),
    ...(error !== undefined && { error }),
    ...(operation !== undefined && { operation }),
  }
}

function operationCall(span: Span): Call {
  const { attributes, failed } = span
  const host = hostOfOperation(span)
  const status = httpStatusOfGrpc(first(attributes, names.rpcStatus))
  const error = errorOf(attributes, failed && status === undefined)
  return {
    operation: operationOf(span),
    ...(host !== undefined && { url: `//${host}` }),
    ...(status !== undefined && { status }),
    ...(error !== undefined && { error }),
  }
}

/** Some agents leave the host out of the URL, and write it elsewhere. */
function urlOf(attributes: Attributes): string | undefined {
  const url = first(attributes, names.url)
  if (url !== undefined && !url.startsWith('/')) return url
  const host = first(attributes, names.host)
  if (host === undefined) return url?.startsWith('//') ? url : undefined
  const path = url ?? first(attributes, names.path) ?? '/'
  return `//${host}${path.startsWith('/') ? path : `/${path}`}`
}

/** What is not a status of HTTP counts as absent; 0 stands for no response. */
function statusOf(attributes: Attributes): number | undefined {
  const status = first(attributes, names.status)?.trim()
  return status !== undefined && /^(?:0|[1-9]\d\d)$/.test(status) ? Number(status) : undefined
}

function isRefused(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500
}

/** Names of errors of the connection, and of calls that a program gave up. */
const broken = /time.?out|timed.?out|connect|socket|reset|abort|cancel|dns|unknownhost|tls|ssl|eof/i

/** A code of the operating system, such as `EPIPE`. */
const systemCode = /^E[A-Z0-9_]+$/

/**
 * Why a call failed that was answered with 4xx. Many libraries throw an error for such an answer, and `error.type` is then the name of
 * its class: it says nothing that the status does not. What broke while the answer was read is another matter.
 */
function brokenOf(attributes: Attributes): string | undefined {
  const type = errorOf(attributes, false)
  return type !== undefined && (broken.test(type) || systemCode.test(type)) ? type : undefined
}

/**
 * Why a call failed. `error.type` is the status where that is why, and a status is judged by what the target expects.
 *
 * @param unexplained Whether it failed and has no status.
 */
function errorOf(attributes: Attributes, unexplained: boolean): string | undefined {
  const type = first(attributes, names.error)
  if (type !== undefined && type !== '' && !/^\d+$/.test(type) && httpStatusOfGrpc(type) === undefined)
    return type
  return unexplained ? (type ?? 'error') : undefined
}
