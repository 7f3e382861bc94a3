import type { Failure } from '../../net/failure.ts'
import type { Pattern } from '../../settings/values/pattern.ts'
import { jsonRule } from '../http/settings/values.ts'
import type { CaptureRule, CaptureSource } from './settings/capture.ts'
import type { TransactionStep } from './schema.ts'
import { messageOf } from '../../lib/errors.ts'
import type { CookieJar } from '../http/cookies.ts'
import { headerValue, type ResponseHeaders } from '../http/headers.ts'
import type { Harvest } from '../http/run.ts'

/** Bytes of a value. More is no token and no id. */
const maxBytes = 8 * 1024

/** What a value is looked for in. */
interface Answer {
  readonly headers: ResponseHeaders
  readonly cookies: CookieJar
  readonly text: string
}

/** A value, or the words for why there is none. */
type Found = { readonly value: string } | { readonly problem: string }

interface Source {
  readonly inBody: boolean
  readonly describe: (at: string) => string
  readonly find: (at: string, answer: Answer) => Found
}

const sources: Readonly<Record<CaptureSource['from'], Source>> = {
  header: {
    inBody: false,
    describe: (at) => `header ${at}`,
    find: (at, { headers }) => present(headerValue(headers, at)),
  },
  cookie: {
    inBody: false,
    describe: (at) => `cookie ${at}`,
    find: (at, { cookies }) => present(cookies.value(at)),
  },
  json: { inBody: true, describe: (at) => `${at} of the body`, find: (at, { text }) => findInJson(at, text) },
  body: { inBody: true, describe: () => 'the body', find: (_, { text }) => ({ value: text }) },
}

function present(value: string | undefined): Found {
  return value === undefined ? { problem: 'it is not there' } : { value }
}

function findInJson(path: string, text: string): Found {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    // The parser's own message quotes the body.
    return { problem: 'the body is no JSON' }
  }
  try {
    return asValue(jsonRule(path, null).select(document))
  } catch (error) {
    return { problem: `it cannot be looked up: ${messageOf(error).slice(0, 100)}` }
  }
}

function asValue([value]: readonly unknown[]): Found {
  if (typeof value === 'string' || typeof value === 'boolean') return { value: String(value) }
  if (value === undefined) return { problem: 'it is not there' }
  if (typeof value !== 'number') return { problem: 'it is neither text nor a number' }
  // JSON.parse has rounded it already.
  const rounded = Number.isInteger(value) && !Number.isSafeInteger(value)
  return rounded
    ? { problem: 'the number is too large to be read exactly: a regex can capture it' }
    : { value: String(value) }
}

function narrowed(found: Found, pattern: Pattern | undefined): Found {
  if ('problem' in found || !pattern) return found
  const matcher = pattern.regex.matcher(found.value)
  if (!matcher.find())
    return { problem: `nothing in it matches ${JSON.stringify(pattern.source.slice(0, 100))}` }
  return present(matcher.group(Math.min(1, matcher.groupCount())) ?? undefined)
}

function capture({ source, pattern }: CaptureRule, answer: Answer): Found {
  const found = narrowed(sources[source.from].find(source.at, answer), pattern)
  return 'value' in found && found.value === '' ? { problem: 'it is empty' } : found
}

/** Takes the variables of one step out of its answer. */
export interface Collector extends Harvest {
  readonly values: ReadonlyMap<string, string>
  /** Why the first of the variables that were not captured was not. */
  readonly problem: () => Failure | undefined
}

/** Makes a collector. */
export function collect(captures: TransactionStep['captures']): Collector {
  const values = new Map<string, string>()
  const failures = new Map<string, Failure>()
  let head: Omit<Answer, 'text'> | undefined

  function take(inBody: boolean, answer: Answer): void {
    for (const { variable, rule } of captures) {
      const { from, at } = rule.source
      const { inBody: there, describe } = sources[from]
      if (there !== inBody) continue
      const found = capture(rule, answer)
      const what = `cannot capture ${variable} from ${describe(at)}`
      if ('problem' in found) {
        failures.set(variable, { reason: inBody ? 'body' : 'header', message: `${what}: ${found.problem}` })
      } else if (Buffer.byteLength(found.value) > maxBytes) {
        failures.set(variable, { reason: 'size', message: `${what}: it is longer than 8 KiB` })
      } else values.set(variable, found.value)
    }
  }

  return {
    values,
    needsBody: captures.some(({ rule }) => sources[rule.source.from].inBody),
    head(headers, cookies) {
      head = { headers, cookies }
      take(false, { ...head, text: '' })
    },
    body(text) {
      if (head) take(true, { ...head, text })
    },
    problem: () => captures.flatMap(({ variable }) => failures.get(variable) ?? [])[0],
  }
}
