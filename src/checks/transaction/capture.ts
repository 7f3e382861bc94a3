import type { Failure } from '../../net/failure.ts'
import type { CaptureRule, CaptureSource } from './settings/capture.ts'
import type { TransactionStep } from './schema.ts'
import type { CookieJar } from '../http/exchange/cookies.ts'
import type { BodyCapture } from '../http/body/question.ts'
import { maxCapturedBytes, narrowed, present, type Found } from '../http/body/captured.ts'
import { headerValue, type ResponseHeaders } from '../http/headers.ts'
import type { Harvest } from '../http/run.ts'

/** What a value is looked for in, besides the body. */
interface Head {
  readonly headers: ResponseHeaders
  readonly cookies: CookieJar
}

interface Source {
  readonly describe: (at: string) => string
  /** Absent: it is in the body. */
  readonly find?: (at: string, head: Head) => string | undefined
}

const sources: Readonly<Record<CaptureSource['from'], Source>> = {
  header: {
    describe: (at) => `header ${at}`,
    find: (at, { headers }) => headerValue(headers, at),
  },
  cookie: {
    describe: (at) => `cookie ${at}`,
    find: (at, { cookies }) => cookies.value(at),
  },
  json: { describe: (at) => `${at} of the body` },
  body: { describe: () => 'the body' },
}

function inBody({ rule }: { readonly rule: CaptureRule }): boolean {
  return sources[rule.source.from].find === undefined
}

function bodyCapture({ source, pattern }: CaptureRule): BodyCapture {
  return { ...(source.from === 'json' && { path: source.at }), ...(pattern && { pattern: pattern.source }) }
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
  const ofBody = captures.filter(inBody)

  function take({ variable, rule: { source } }: TransactionStep['captures'][number], found: Found): void {
    const { describe, find } = sources[source.from]
    const reason = find ? 'header' : 'body'
    const what = `cannot capture ${variable} from ${describe(source.at)}`
    if ('problem' in found) failures.set(variable, { reason, message: `${what}: ${found.problem}` })
    else if (found.value === '') failures.set(variable, { reason, message: `${what}: it is empty` })
    else if (Buffer.byteLength(found.value) > maxCapturedBytes) {
      failures.set(variable, { reason: 'size', message: `${what}: it is longer than 8 KiB` })
    } else values.set(variable, found.value)
  }

  return {
    values,
    wanted: ofBody.map(({ rule }) => bodyCapture(rule)),
    head(headers, cookies) {
      for (const capture of captures) {
        const { source, pattern } = capture.rule
        const { find } = sources[source.from]
        if (find) take(capture, narrowed(present(find(source.at, { headers, cookies })), pattern?.source))
      }
    },
    body(found) {
      for (const [index, capture] of ofBody.entries()) take(capture, found[index] ?? present(undefined))
    },
    problem: () => captures.flatMap(({ variable }) => failures.get(variable) ?? [])[0],
  }
}
