import type { Request } from 'express'
import { ProbityError } from '../../lib/errors.ts'
import type { Parameter } from './operation.ts'

type Query = Request['query']

/** How a parameter of a query is read: what it means, or why it means nothing. */
export interface QueryParameter<T> {
  readonly doc: Parameter
  /** @throws ProbityError `QUERY_INVALID` */
  readonly read: (text: string) => T
}

type Values<P> = { readonly [K in keyof P]?: P[K] extends QueryParameter<infer T> ? T : never }

/**
 * Reads a query by the parameters that there are.
 *
 * @throws ProbityError `QUERY_INVALID` for a parameter that is unknown, repeated or wrong.
 */
export function readQuery<P extends Readonly<Record<string, QueryParameter<unknown>>>>(
  query: Query,
  parameters: P,
): Values<P> {
  const read: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(query)) {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined
    if (!parameter) {
      const known = Object.keys(parameters).join(', ') || 'none'
      throw invalid(`there is no parameter ${JSON.stringify(name.slice(0, 100))}: expected ${known}`)
    }
    if (typeof value !== 'string') throw invalid(`${name} is given more than once`)
    read[name] = parameter.read(value)
  }
  return read as Values<P>
}

function invalid(message: string): ProbityError {
  return new ProbityError('QUERY_INVALID', message)
}

/** A moment: RFC 3339, or Unix time in seconds. */
export function moment(name: string, description: string): QueryParameter<Date> {
  return {
    doc: {
      name,
      in: 'query',
      description: `${description} RFC 3339 (2026-11-21T03:00:00Z), or Unix time in seconds.`,
      schema: { type: 'string' },
    },
    read(text) {
      const time = readMoment(text)
      if (time) return time
      throw invalid(
        `${name} is ${quoted(text)}: expected a time such as 2026-11-21T03:00:00Z, or Unix time in seconds`,
      )
    },
  }
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/
/** Seconds: the year 9999, the last that an ISO time with four digits can say. */
const lastSecond = 253_402_300_799

/** From 1970 to 9999: a database takes no other years for granted, and one that refuses looks like one that is away. */
function readMoment(text: string): Date | undefined {
  const unix = /^\d{1,12}(\.\d{1,9})?$/.test(text)
  const time = unix ? Number(text) * 1000 : rfc3339.test(text) ? Date.parse(text) : NaN
  return time >= 0 && time < (lastSecond + 1) * 1000 ? new Date(time) : undefined
}

/**
 * Refuses a range that is empty or too long.
 *
 * @param longest Milliseconds, and what they are called, such as `400 days`.
 * @throws ProbityError `QUERY_INVALID`
 */
export function checkRange(
  { from, to }: { readonly from: Date; readonly to: Date },
  longest: { readonly ms: number; readonly name: string },
): void {
  const length = to.getTime() - from.getTime()
  if (length > 0 && length <= longest.ms) return
  const wrong = length > 0 ? `is more than ${longest.name} before` : 'is not before'
  throw invalid(`from ${wrong} to: ${from.toISOString()}, ${to.toISOString()}`)
}

/** A whole number from 1. */
export function count(name: string, description: string, most: number): QueryParameter<number> {
  return {
    doc: { name, in: 'query', description, schema: { type: 'integer', minimum: 1, maximum: most } },
    read(text) {
      const number = /^\d{1,9}$/.test(text) ? Number(text) : 0
      if (number >= 1 && number <= most) return number
      throw invalid(`${name} is ${quoted(text)}: expected a whole number from 1 to ${most}`)
    },
  }
}

/** One of some words. */
export function word<W extends string>(
  name: string,
  description: string,
  words: readonly W[],
): QueryParameter<W> {
  return {
    doc: { name, in: 'query', description, schema: { type: 'string', enum: words } },
    read(text) {
      const found = words.find((each) => each === text)
      if (found !== undefined) return found
      throw invalid(`${name} is ${quoted(text)}: expected ${words.join(', ')}`)
    },
  }
}

/** Any text. */
export function text(name: string, description: string): QueryParameter<string> {
  return { doc: { name, in: 'query', description, schema: { type: 'string' } }, read: (value) => value }
}

function quoted(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value)
}
