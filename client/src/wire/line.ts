import type { Call } from './call.ts'
import { cleanField, cleanText, limits } from './clean.ts'
import { cleanHost, cleanPath, splitUrl } from './url.ts'

/** Why a line is not a call. */
export type Rejected = 'malformed' | 'unknownVersion'

/** The fields of a line behind its version, as the formats 0 and 1 divide it. */
type Fields = readonly [method: string, middle: string, last: string, milliseconds: string]

/** An operation that lasts longer than a day is not counted, and one such value would spoil every sum. */
const maxSeconds = 86_400
const method = /^[a-z][a-z_-]*$/i
/** How libcurl's agent writes milliseconds: the nanoseconds stand behind the point without leading zeros. */
const unpadded = /^\d+\.\d{1,6}$/
const decimal = /^\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i

/** Reads one line, which must be neither blank nor padded with white space. */
export function decodeLine(line: string): Call | Rejected {
  const second = line.charCodeAt(1)
  // NaN is the end of the line.
  if (second === 9 || second === 32 || Number.isNaN(second)) {
    const decode = decoders[line.charAt(0)]
    if (decode !== undefined) return decode(line) ?? 'malformed'
  }
  return /^\d+(?:\s|$)/.test(line) ? 'unknownVersion' : 'malformed'
}

const decoders: Record<string, ((line: string) => Call | undefined) | undefined> = {
  /** `0 TAB method TAB host TAB path TAB ms` */
  0: (line) => {
    const fields = tabbed(line, true) ?? spaced(line, true)
    if (fields === undefined) return undefined
    const [method, host, path, milliseconds] = fields
    return untold(0, method, cleanHost(host), cleanPath(path), decimalMilliseconds(milliseconds))
  },
  /** `1 TAB method TAB url TAB ms` */
  1: (line) => {
    const fields = tabbed(line, false) ?? spaced(line, false)
    if (fields === undefined) return undefined
    const [method, , url, milliseconds] = fields
    // What libcurl's agent writes when the program has not set a URL.
    const target = url === '' || url === '(null)' ? { host: '', path: '/' } : splitUrl(url)
    const call = target && untold(1, method, target.host, target.path, unpaddedMilliseconds(milliseconds))
    return call && unpadded.test(milliseconds) ? atLeast(call) : call
  },
  /** `2 TAB method TAB url TAB ms TAB status TAB operation TAB caller TAB version TAB error` */
  2: (line) => {
    const fields = line.includes('\t') ? line.split('\t') : line.split(/\s+/)
    if (fields.length > 9) return undefined
    const [, verb = '', url = '', milliseconds = '', code = '', operation = '', ...rest] = fields
    const target = url === '' ? { host: '', path: '' } : splitUrl(url)
    const durationSeconds = decimalMilliseconds(milliseconds)
    const status = statusOf(code)
    if (target === undefined || durationSeconds === undefined || status === 'malformed') return undefined
    const name = cleanField(operation, limits.operation)
    if (!isMethod(verb, url === '' || name !== '')) return undefined
    if (url === '' && name === '') return undefined
    return {
      wireVersion: 2,
      method: verb.toUpperCase(),
      host: target.host,
      path: cleanText(target.path),
      durationSeconds,
      status,
      operation: name,
      caller: cleanField(rest[0] ?? '', limits.caller),
      version: cleanField(rest[1] ?? '', limits.version),
      error: cleanField(rest[2] ?? '', limits.error),
    }
  },
}

/** A call of the versions 0 and 1, which say nothing of who made it and how it ended. */
function untold(
  wireVersion: 0 | 1,
  verb: string,
  host: string | undefined,
  path: string,
  durationSeconds: number | undefined,
): Call | undefined {
  if (host === undefined || durationSeconds === undefined || !isMethod(verb, false)) return undefined
  return {
    wireVersion,
    method: verb.toUpperCase(),
    host,
    path: cleanText(path),
    durationSeconds,
    status: undefined,
    operation: '',
    caller: '',
    version: '',
    error: '',
  }
}

/**
 * Divides by tabs. The URL or the path is raw and may hold anything, so the duration is what stands behind the last
 * tab.
 */
function tabbed(line: string, hasHost: boolean): Fields | undefined {
  const method = line.indexOf('\t') + 1
  const host = line.indexOf('\t', method) + 1
  const last = hasHost ? line.indexOf('\t', host) + 1 : host
  const milliseconds = line.lastIndexOf('\t') + 1
  if (method !== 2 || host === 0 || last === 0 || milliseconds <= last) return undefined
  return [
    line.slice(method, host - 1),
    hasHost ? line.slice(host, last - 1) : '',
    line.slice(last, milliseconds - 1),
    line.slice(milliseconds),
  ]
}

/** Divides by white space, as Elixir's agent does. An empty path or URL cannot be distinguished from none here. */
function spaced(line: string, hasHost: boolean): Fields | undefined {
  const words = line.split(/\s+/)
  const path = hasHost ? 3 : 2
  if (words.length < 4) return undefined
  return [
    words[1] ?? '',
    hasHost ? (words[2] ?? '') : '',
    words.slice(path, -1).join(' '),
    words.at(-1) ?? '',
  ]
}

function isMethod(text: string, mayBeEmpty: boolean): boolean {
  return text === '' ? mayBeEmpty : text.length <= limits.method && method.test(text)
}

function decimalMilliseconds(text: string): number | undefined {
  return decimal.test(text) ? inRange(Number(text) / 1000) : undefined
}

/**
 * Version 1 of libcurl's agent writes the nanoseconds behind the point without leading zeros: `14.2693` is 14 ms and
 * 2,693 ns. More than six digits cannot be nanoseconds of a millisecond: such a value was written as a decimal.
 */
function unpaddedMilliseconds(text: string): number | undefined {
  if (!unpadded.test(text)) return decimalMilliseconds(text)
  const point = text.indexOf('.')
  return inRange((Number(text.slice(0, point)) + Number(text.slice(point + 1)) / 1e6) / 1000)
}

/**
 * If the clock begins a second between start and stop, libcurl's agent mirrors the part of a second: a call of 0.15 s is
 * reported as 0.85 s, and one of 1.15 s as 1.85 s. Nothing tells the two apart, but it is at least the smaller.
 */
function atLeast(call: Call): Call {
  const whole = Math.floor(call.durationSeconds)
  const leastSeconds = whole + (whole + 1 - call.durationSeconds)
  return leastSeconds < call.durationSeconds ? { ...call, leastSeconds } : call
}

function inRange(seconds: number): number | undefined {
  return seconds <= maxSeconds ? seconds : undefined
}

function statusOf(text: string): number | undefined | 'malformed' {
  if (text === '') return undefined
  return /^\d{1,3}$/.test(text) ? Number(text) : 'malformed'
}
