import type { StatusRange } from '../settings/values.ts'
import type { Failure } from '../../../net/failure.ts'
import type { HeaderRule, HttpExpectation } from '../settings/expect.ts'
import { oddityWords, type Oddity } from '../../../net/http1/oddity.ts'
import { headerValues, type ResponseHeaders } from '../headers.ts'
import { quote } from '../body/quote.ts'

/** Judges the status and the headers of an answer. */
export function judgeHead(
  statusCode: number,
  headers: ResponseHeaders,
  { status, ...rules }: Pick<HttpExpectation, 'status' | 'headers' | 'headersIfPresent' | 'notHeaders'>,
): Failure | undefined {
  if (!isExpectedStatus(statusCode, status)) {
    return { reason: 'status', message: `expected ${formatStatus(status)}, got ${statusCode}` }
  }
  const message = judgeHeaders(headers, rules)
  return message === undefined ? undefined : { reason: 'header', message }
}

/** Whether a status is one of those that are expected. */
export function isExpectedStatus(statusCode: number, expected: readonly StatusRange[]): boolean {
  return expected.some(({ from, to }) => from <= statusCode && statusCode <= to)
}

function judgeHeaders(
  seen: ResponseHeaders,
  {
    headers,
    headersIfPresent,
    notHeaders,
  }: Pick<HttpExpectation, 'headers' | 'headersIfPresent' | 'notHeaders'>,
): string | undefined {
  const isThere = ({ name }: HeaderRule): boolean => headerValues(seen, name).length > 0
  const matches = ({ name, pattern }: HeaderRule): boolean =>
    headerValues(seen, name).some((value) => pattern.regex.test(value))
  const shown = (name: string): string => quote(shownHeader(name, headerValues(seen, name).join(', ')))
  const unwanted = notHeaders.find(matches)
  if (unwanted) {
    const { name, pattern } = unwanted
    return `expected header ${name} not to match ${quote(pattern.source)}, got ${shown(name)}`
  }
  const unmatched = [...headers, ...headersIfPresent.filter(isThere)].find((rule) => !matches(rule))
  if (!unmatched) return undefined
  const { name, pattern } = unmatched
  const found = isThere(unmatched) ? `got ${shown(name)}` : 'it is missing'
  return `expected header ${name} to match ${quote(pattern.source)}, ${found}`
}

/** What an answer came over. */
export interface ProtocolSeen {
  readonly version: number
  readonly ssl: boolean
  readonly oddities: readonly Oddity[]
}

/** Judges what an answer came over. */
export function judgeProtocol(
  { version, ssl, oddities }: ProtocolSeen,
  { versions, ssl: wanted, strict }: Pick<HttpExpectation, 'versions' | 'ssl' | 'strict'>,
): Failure | undefined {
  if (strict === true && oddities.length > 0) {
    const seen = oddities.map((oddity) => `${oddity} (${oddityWords[oddity]})`).join(', ')
    return { reason: 'protocol', message: `expected HTTP exactly as it is defined, got ${seen}` }
  }
  if (versions.length > 0 && !versions.includes(version)) {
    const expected = oneOf(versions.map(formatVersion))
    return { reason: 'protocol', message: `expected ${expected}, got ${formatVersion(version)}` }
  }
  if (wanted === undefined || wanted === ssl) return undefined
  const message = wanted
    ? 'expected an answer over TLS, got one without'
    : 'expected an answer without TLS, got one over it'
  return { reason: 'protocol', message }
}

/** `HTTP/1.0`, and `HTTP/2`. */
function formatVersion(version: number): string {
  return `HTTP/${version < 2 ? version.toFixed(1) : version}`
}

/** Whether a body has to be read as text to be judged. */
export function judgesBody({ json, cel, schema, operation, graphql, body }: HttpExpectation): boolean {
  const { contains, notContains, matches, notMatches } = body
  return (
    (schema ?? operation ?? graphql) !== undefined ||
    [json, cel, contains, notContains, matches, notMatches].some((rules) => rules.length > 0)
  )
}

/** `2xx, 401 or 500-502`. */
export function formatStatus(ranges: readonly StatusRange[]): string {
  const names = ranges.map(({ from, to }) => {
    if (from === to) return String(from)
    return from % 100 === 0 && to === from + 99 ? `${from / 100}xx` : `${from}-${to}`
  })
  return oneOf(names)
}

/** `a, b or c`. */
function oneOf(names: readonly string[]): string {
  const last = names.at(-1) ?? 'nothing'
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} or ${last}`
}

const secretHeaders = new Set(['set-cookie', 'authorization', 'proxy-authorization'])

/** A header's value as it may be shown: short, without cookies and without the userinfo, query and fragment of a URL. */
function shownHeader(name: string, value: string): string {
  if (secretHeaders.has(name)) return '<hidden>'
  return value.replace(/\/\/[^\s/@"<>]*@/g, '//').replace(/[?#][^\s"<>,;]*/g, '')
}
