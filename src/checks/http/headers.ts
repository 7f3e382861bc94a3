import { isUtf8 } from 'node:buffer'
import type { Header } from '../../net/http1/headers.ts'

/** The headers of a response: names in lower case, a repeated one with all its values. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>

/**
 * Puts headers together that have one character a byte: values that are valid UTF-8 are read as that, others as Latin-1, as
 * browsers do with `Location`.
 */
export function responseHeaders(given: Iterable<Header>): ResponseHeaders {
  // Without a prototype: `__proto__` is a name like any other.
  const headers = Object.create(null) as Record<string, string | string[]>
  for (const [name, value] of given) {
    const text = asText(value)
    const before = headers[name]
    if (before === undefined) headers[name] = text
    else if (typeof before === 'string') headers[name] = [before, text]
    else before.push(text)
  }
  return headers
}

function asText(value: string): string {
  if (!/[\x80-\xff]/.test(value)) return value
  const bytes = Buffer.from(value, 'latin1')
  return isUtf8(bytes) ? bytes.toString() : value
}

/** Every value of a header, in the order they came. */
export function headerValues(headers: ResponseHeaders, name: string): readonly string[] {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined
  return typeof value === 'string' ? [value] : (value ?? [])
}

/** The value of a header that should occur once, or the first of them. */
export function headerValue(headers: ResponseHeaders, name: string): string | undefined {
  return headerValues(headers, name)[0]
}

/**
 * What `Content-Length` says, which counts for nothing together with chunks.
 *
 * @returns Bytes; -1 when it is unknown; 0 where there is no body by definition.
 */
export function contentLength(headers: ResponseHeaders, statusCode: number): number {
  const isChunked = headerValue(headers, 'transfer-encoding') !== undefined
  const value = isChunked ? undefined : headerValue(headers, 'content-length')?.split(',')[0]?.trim()
  if (value !== undefined && /^\d{1,15}$/.test(value)) return Number(value)
  return statusCode === 204 || statusCode === 304 ? 0 : -1
}

/**
 * Reads an HTTP date in any of the three forms of RFC 9110 section 5.6.7.
 *
 * @returns Unix time in seconds; undefined when it is not one.
 */
export function parseHttpDate(text: string | undefined): number | undefined {
  if (text === undefined || !/^[A-Z][a-z]{2,8},? [\dA-Za-z]/.test(text)) return undefined
  const isAsctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/.test(text)
  if (!isAsctime && !text.endsWith(' GMT')) return undefined
  const milliseconds = Date.parse(isAsctime ? `${text} GMT` : text)
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000
}

/** How to undo a body's codings: they are listed in the order in which they were applied (RFC 9110, 8.4). */
export function contentCodings(headers: ResponseHeaders): string[] {
  return headerValues(headers, 'content-encoding')
    .flatMap((value) => value.split(','))
    .map((coding) => coding.trim().toLowerCase().replace(/^x-/, ''))
    .filter((coding) => coding !== '' && coding !== 'identity')
}
