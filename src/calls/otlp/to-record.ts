import type { CallRecord } from 'probity-client/wire'
import type { Attributes, ResourceSpans, Span } from './span.ts'

const clientKind = 3

/*
 * Attributes of HTTP client spans, in the stable semantic conventions and in those before 1.20, which many agents still send:
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
const names = {
  method: ['http.request.method', 'http.method'],
  url: ['url.full', 'http.url'],
  host: ['server.address', 'http.host', 'net.peer.name'],
  path: ['url.path', 'http.target'],
  status: ['http.response.status_code', 'http.status_code'],
} as const

/** The HTTP requests that a program made. Other spans are none of ours. */
export function recordsOf({ resource, spans }: ResourceSpans): CallRecord[] {
  const caller = resource.get('service.name') ?? ''
  const version = resource.get('service.version') ?? ''
  return spans
    .filter((span) => span.kind === clientKind && first(span.attributes, names.method) !== undefined)
    .map((span) => ({ ...recordOf(span), caller, version }))
}

function recordOf({ attributes, durationSeconds, failed }: Span): CallRecord {
  // `_OTHER`: a method that the agent does not know.
  const method = first(attributes, names.method)?.replace(/^_OTHER$/, 'OTHER') ?? ''
  const status = first(attributes, names.status)
  const error = errorOf(attributes, failed && status === undefined)
  return {
    method,
    url: urlOf(attributes),
    durationSeconds,
    ...(status !== undefined && { status: Number(status) }),
    ...(error !== undefined && { error }),
  }
}

function urlOf(attributes: Attributes): string {
  const url = first(attributes, names.url)
  if (url !== undefined) return url
  const path = first(attributes, names.path) ?? '/'
  return `//${first(attributes, names.host) ?? ''}${path.startsWith('/') ? path : `/${path}`}`
}

/**
 * Why a call failed. `error.type` is the status where that is why, and a status is judged by what the target expects.
 *
 * @param unexplained Whether it failed and has no status.
 */
function errorOf(attributes: Attributes, unexplained: boolean): string | undefined {
  const type = attributes.get('error.type')
  if (type !== undefined && type !== '' && !/^\d+$/.test(type)) return type
  return unexplained ? 'error' : undefined
}

function first(attributes: Attributes, keys: readonly string[]): string | undefined {
  const key = keys.find((name) => attributes.has(name))
  return key === undefined ? undefined : attributes.get(key)
}
