import type { CallRecord } from 'probity-client/wire'
import { names } from './attributes.ts'
import type { Attributes, ResourceSpan, Span } from './span.ts'

const clientKind = 3

/** The HTTP request that a span is about. Other spans are none of ours. */
export function recordOf({ resource, span }: ResourceSpan): CallRecord | undefined {
  if (span.kind !== clientKind || first(span.attributes, names.method) === undefined) return undefined
  return {
    ...callOf(span),
    caller: first(resource, names.caller) ?? '',
    version: first(resource, names.version) ?? '',
  }
}

function callOf({ attributes, durationSeconds, failed }: Span): CallRecord {
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
  const type = first(attributes, names.error)
  if (type !== undefined && type !== '' && !/^\d+$/.test(type)) return type
  return unexplained ? 'error' : undefined
}

function first(attributes: Attributes, keys: readonly string[]): string | undefined {
  const key = keys.find((name) => attributes.has(name))
  return key === undefined ? undefined : attributes.get(key)
}
