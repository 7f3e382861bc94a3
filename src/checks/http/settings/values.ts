import parseJsonPath from 'jsonpath-rfc9535/parser'
import { deepestNesting, nestingOf } from '../json-path/nesting.ts'
import { celProblem } from '../body/cel.ts'
import { targetAsWritten, WrittenUrl } from '../as-written.ts'
import { memoize } from '../../../settings/values/memo.ts'
import { asText, seen, ValueError } from '../../../settings/values/value.ts'
import { credentialsOf } from '../../../settings/values/userinfo.ts'

/** A range of status codes, both ends included: `2xx` is 200 to 299. */
export interface StatusRange {
  readonly from: number
  readonly to: number
}

const urlHelp = 'expected one that starts with https:// or http://'

/** Reads the URL of a probe. */
export function readUrl(input: unknown): URL {
  const text = asText(input)
  if (!/^[a-z][a-z0-9+.-]*:/i.test(text) || /^[^/]*:[0-9]/.test(text)) {
    throw new ValueError(`${seen} is not a URL: ${urlHelp}`)
  }
  const scheme = text.slice(0, text.indexOf(':')).toLowerCase()
  if (scheme !== 'http' && scheme !== 'https')
    throw new ValueError(`${seen} is not an http or https URL: ${urlHelp}`)
  // The URL parser drops tabs, newlines and surplus slashes; a typing error should not lead to some other place.
  const wellFormed = /^https?:\/\/[^\s/\\?#][^\s\\]*$/i.test(text) && URL.canParse(text)
  if (!wellFormed) throw new ValueError(`${seen} is not a valid URL: ${urlHelp}, then a host`)
  const target = targetAsWritten(text)
  const url = target === undefined ? new URL(text) : new WrittenUrl(text, target)
  credentialsOf(url)
  return url
}

/** The characters of a method or a header name: `token` in RFC 9110, section 5.6.2. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Reads a method. It is written in upper case. */
export function readMethod(input: unknown): string {
  const method = asText(input).toUpperCase()
  if (!token.test(method))
    throw new ValueError(`${seen} is not a valid HTTP method: expected one such as GET or POST`)
  if (method === 'CONNECT' || method === 'TRACE') throw new ValueError(`${seen} cannot be probed`)
  return method
}

/** Headers that say how a message is sent: what is written here would contradict what is done. */
const ownHeaders = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

export function checkHeaderName(name: string): void {
  if (!token.test(name))
    throw new ValueError('is not a valid header name: only letters, digits and characters such as -_.~')
}

export function checkRequestHeaderName(name: string): void {
  checkHeaderName(name)
  if (ownHeaders.has(name.toLowerCase()))
    throw new ValueError('this header is set by Probity itself: remove it')
}

/** Reads a header's value; nothing removes an inherited header. */
export function readHeaderValue(input: unknown): string | null {
  if (input === null) return null
  const text = asText(input)
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) {
    throw new ValueError('contains a character that is not allowed in a header, such as a line break')
  }
  return text
}

/** Reads what may follow `Bearer`; empty text is not a token. */
export function readToken(input: unknown): string {
  const text = asText(input)
  if (!/^[\x21-\x7e]*$/.test(text)) {
    throw new ValueError(
      'contains a character that is not allowed in a token, such as a space or a line break',
    )
  }
  return text
}

export function readUserName(input: unknown): string {
  const text = asText(input)
  if (text.includes(':')) throw new ValueError('a user name cannot contain a colon')
  return text
}

const statusHelp = `${seen} is not a valid status: expected one such as 200, 2xx or 200-299`

/** Reads `200`, `2xx` or `200-299`. */
export function readStatus(input: unknown): StatusRange {
  const text = typeof input === 'number' ? String(input) : asText(input)
  const [, digit] = /^([1-9])xx$/i.exec(text) ?? []
  if (digit !== undefined) return { from: Number(digit) * 100, to: Number(digit) * 100 + 99 }
  const [, first, last] = /^([1-9][0-9]{2})(?:-([1-9][0-9]{2}))?$/.exec(text) ?? []
  if (first === undefined) throw new ValueError(statusHelp)
  const range = { from: Number(first), to: Number(last ?? first) }
  if (range.from > range.to) throw new ValueError(`${seen} is empty: its end is below its start`)
  return range
}

const noJsonPath = 'is not a valid JSONPath: expected one such as $.status or $.data[0].id (RFC 9535)'

/** Their regexes would be those of JavaScript, which a body can keep busy for hours, and everything else with them. */
const endless: ReadonlySet<unknown> = new Set(['match', 'search'])
const endlessHelp =
  'match() and search() are not supported, because their regexes may take forever: use body.matches instead'

const nestedTooDeeply = `is nested too deeply: expected at most ${deepestNesting} brackets and parentheses inside each other`

/** The functions of RFC 9535 that remain. */
const functions: ReadonlySet<unknown> = new Set(['length', 'count', 'value'])

/** What is wrong with a JSONPath; empty where nothing is. */
const problemOf = memoize((path) => {
  if (nestingOf(path) > deepestNesting) return nestedTooDeeply
  try {
    return problemOfCalls(parseJsonPath(path))
  } catch {
    return noJsonPath
  }
})

/** What is wrong with the calls of functions in a parsed JSONPath: the library takes any. */
function problemOfCalls(node: unknown): string {
  if (typeof node !== 'object' || node === null) return ''
  if ('type' in node && node.type === 'FunctionExpr' && 'name' in node) {
    if (endless.has(node.name)) return endlessHelp
    if (!functions.has(node.name)) return 'calls an unknown function: expected length(), count() or value()'
    const given = 'arguments' in node && Array.isArray(node.arguments) ? node.arguments.length : 0
    if (given !== 1) return 'calls a function with the wrong number of arguments: expected one'
  }
  for (const below of Object.values(node)) {
    const problem = problemOfCalls(below)
    if (problem !== '') return problem
  }
  return ''
}

/** Checks a JSONPath (RFC 9535). */
export function checkJsonPath(path: string): void {
  const problem = problemOf(path)
  if (problem !== '') throw new ValueError(problem)
}

/** Reads an expression of CEL. */
export function readCel(input: unknown): string {
  const text = asText(input)
  const problem = celProblem(text)
  if (problem !== undefined) throw new ValueError(`${seen} is not a valid CEL expression: ${problem}`)
  return text
}

/** Reads `1.0`, `1.1` or `2`. */
export function readHttpVersion(input: unknown): number {
  const text = typeof input === 'number' ? String(input) : asText(input)
  if (/^(?:1(?:\.[01])?|2(?:\.0)?)$/.test(text)) return Number(text)
  throw new ValueError(`${seen} is not a supported HTTP version: expected 1.0, 1.1 or 2`)
}
