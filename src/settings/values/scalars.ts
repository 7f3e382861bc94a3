import { compile, type Pattern } from './pattern.ts'
import type { z } from 'zod'
import { durationPattern, parseDuration } from './duration.ts'
import { parseRatio } from './ratio.ts'
import { parseSize, sizePattern } from './size.ts'
import { asText, kindOf, seen, value, ValueError, type JsonSchema } from './value.ts'

/** What `${...}` becomes is not known to an editor, so that it is allowed everywhere. */
const expansion = '.*\\$\\{.*'

function textSchema(pattern: string, description: string): JsonSchema {
  return { type: 'string', pattern: `^((${pattern})|${expansion})$`, description }
}

const durationJson = textSchema(`(?=.)${durationPattern}`, 'A duration, such as 500ms, 30s, 5m, 1h30m or 1d.')

function readDuration(input: unknown): number {
  // A unit would not help what is zero or less.
  if (typeof input === 'number' && input > 0)
    throw new ValueError(`${seen} has no unit: write ${seen}s for seconds, or ${seen}ms for milliseconds`)
  const seconds = typeof input === 'string' ? parseDuration(input) : undefined
  if (seconds === undefined) {
    throw new ValueError(`${seen} is not a valid duration: expected one such as 500ms, 30s, 5m, 1h30m or 1d`)
  }
  if (seconds === 0) throw new ValueError(`${seen} is too short: expected more than zero`)
  return seconds
}

/** Seconds, more than zero and at most `max`. */
export function durationUpTo(max: number, text: string): z.ZodType<number> {
  return value((input) => {
    const seconds = readDuration(input)
    if (seconds > max) throw new ValueError(`${seen} is too long: expected at most ${text}`)
    return seconds
  }, durationJson)
}

/** How often, or how long, a check must fail. `off`: never enough. */
export type AlertAfter = { readonly checks: number } | { readonly seconds: number }

export const alertAfter: z.ZodType<AlertAfter> = value(
  (input) => {
    if (input === 'off') return { seconds: Infinity }
    if (typeof input === 'string' && !/^[0-9]+$/.test(input)) return { seconds: readAlertDuration(input) }
    const checks = asNumber(input)
    if (!Number.isSafeInteger(checks) || checks < 1) throw new ValueError(`${seen} ${alertAfterHelp}`)
    return { checks }
  },
  {
    anyOf: [{ type: 'integer', minimum: 1 }, { const: 'off' }, durationJson],
    description:
      'Consecutive failed checks, such as 3, or a duration, such as 15m, before the target is down.',
  },
)

const alertAfterHelp =
  'is neither a number of failed checks nor a duration: expected one such as 3 or 15m, or off for never'

function readAlertDuration(input: string): number {
  const seconds = parseDuration(input)
  if (seconds === undefined || seconds === 0) throw new ValueError(`${seen} ${alertAfterHelp}`)
  return seconds
}

/** A whole number from 1 to 100. */
function count(what: string, description: string): z.ZodType<number> {
  return value(
    (input) => {
      const number = asNumber(input)
      if (!Number.isSafeInteger(number) || number < 1 || number > 100)
        throw new ValueError(`${seen} is not a valid number of ${what}: expected one from 1 to 100`)
      return number
    },
    {
      anyOf: [
        { type: 'integer', minimum: 1, maximum: 100 },
        textSchema('[1-9][0-9]*', `${what.charAt(0).toUpperCase()}${what.slice(1)}.`),
      ],
      description,
    },
  )
}

/** How many locations must find a target down. */
export const alertQuorum = count(
  'locations',
  'How many locations must find the target down before TargetDown begins.',
)

/** How many checks in a row must succeed before a target that is down has recovered. */
export const recoverAfter = count(
  'checks',
  'How many checks in a row must succeed before a target that is down has recovered.',
)

/** A value that `off` replaces by one that is never reached. */
function orOff<T>(parse: (input: unknown) => T, off: T, json: JsonSchema): z.ZodType<T> {
  return value((input) => (input === 'off' ? off : parse(input)), { anyOf: [json, { const: 'off' }] })
}

/** Seconds; `off` is without limit. */
export const latency: z.ZodType<number> = orOff(readDuration, Infinity, durationJson)

const ratioJson: JsonSchema = {
  anyOf: [
    { type: 'number', minimum: 0, maximum: 1 },
    textSchema('[0-9.]+%?', 'A share, such as 1% or 0.01.'),
  ],
}

function readRatio(input: unknown): number {
  const ratio = typeof input === 'string' || typeof input === 'number' ? parseRatio(String(input)) : undefined
  if (ratio !== undefined) return ratio
  const percent = typeof input === 'number' && input > 1 && input <= 100 ? ` (did you mean ${input}%?)` : ''
  throw new ValueError(
    `${seen} is not a valid share: expected one such as 1% or 0.01, from 0% to 100%${percent}`,
  )
}

/** 0 to 1. */
export const ratio: z.ZodType<number> = value(readRatio, ratioJson)

/** 0 to 1; `off` is `whenOff`. */
export function ratioOrOff(whenOff: number): z.ZodType<number> {
  return orOff(readRatio, whenOff, ratioJson)
}

/** @returns NaN where the input is not a number. */
function asNumber(input: unknown): number {
  // The environment has only text: ${ATTEMPTS:-3} is the text 3.
  if (typeof input === 'string' && /^[0-9]+(\.[0-9]+)?$/.test(input)) return Number(input)
  return typeof input === 'number' ? input : NaN
}

/** How many times as much, more than once; `off` is without limit. */
export const factor: z.ZodType<number> = orOff(
  (input) => {
    const times = asNumber(input)
    if (times > 1 && times <= 1000) return times
    throw new ValueError(`${seen} is not a valid factor: expected a number over 1, such as 3, or off`)
  },
  Infinity,
  {
    anyOf: [
      { type: 'number', exclusiveMinimum: 1, maximum: 1000 },
      textSchema('[0-9]+(\\.[0-9]+)?', 'A factor, such as 3.'),
    ],
  },
)

/** Days, given in seconds; `off` is a validity that every certificate has. */
export const days: z.ZodType<number> = orOff(
  (input) => {
    const count = asNumber(input)
    if (!(count >= 0 && count <= 3650))
      throw new ValueError(`${seen} is not a valid number of days: expected one from 0 to 3650`)
    return count * 86_400
  },
  -Infinity,
  { anyOf: [{ type: 'number', minimum: 0, maximum: 3650 }, textSchema('[0-9.]+', 'Days.')] },
)

const maxSize = 2 ** 30

/** Bytes, from 1 to 1 GiB. */
export const size: z.ZodType<number> = value(
  (input) => {
    if (typeof input === 'number') throw new ValueError(`${seen} has no unit: write ${seen}B for bytes`)
    const bytes = typeof input === 'string' ? parseSize(input) : undefined
    if (bytes === undefined)
      throw new ValueError(`${seen} is not a valid size: expected one such as 64KiB, 1MiB or 10MB`)
    if (bytes < 1 || bytes > maxSize) throw new ValueError(`${seen} is out of bounds: expected 1B to 1GiB`)
    return bytes
  },
  textSchema(sizePattern, 'A size, such as 64KiB, 1MiB or 10MB.'),
)

export const flag: z.ZodType<boolean> = value(
  (input) => {
    if (typeof input === 'boolean') return input
    if (input === 'true' || input === 'false') return input === 'true'
    throw new ValueError(`expected true or false, got ${typeof input === 'string' ? seen : kindOf(input)}`)
  },
  { anyOf: [{ type: 'boolean' }, textSchema('true|false', 'true or false')] },
)

/** A whole number within bounds. */
export function integer(from: number, to: number, description: string): z.ZodType<number> {
  return value(
    (input) => {
      // The environment has only text.
      const number = typeof input === 'string' && /^\d+$/.test(input) ? Number(input) : input
      if (typeof number !== 'number') throw new ValueError(`expected a number, got ${kindOf(input)}`)
      if (Number.isInteger(number) && number >= from && number <= to) return number
      throw new ValueError(`${seen} is out of bounds: expected a whole number from ${from} to ${to}`)
    },
    { anyOf: [{ type: 'integer', minimum: from, maximum: to }, { type: 'string' }], description },
  )
}

/** One of a few words. */
export function word<const W extends string>(words: readonly W[]): z.ZodType<W> {
  return value(
    (input) => {
      const found = words.find((candidate) => candidate === input)
      if (found !== undefined) return found
      const what = typeof input === 'string' ? seen : kindOf(input)
      throw new ValueError(`expected ${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}, got ${what}`)
    },
    { anyOf: [{ enum: [...words] }, textSchema(words.join('|'), words.join(', '))] },
  )
}

/** Reads a regex in RE2 syntax. It is searched for anywhere in a value unless it says otherwise with `^` and `$`. */
export function readPattern(input: unknown): Pattern {
  const source = asText(input)
  return { source, regex: compile(source) }
}

/** Reads a regex in RE2 syntax that a whole value must match, as Prometheus anchors its own. */
export function readAnchoredPattern(input: unknown): Pattern {
  const source = asText(input)
  compile(source)
  return { source, regex: compile(`^(?:${source})$`) }
}

/** The JSON Schema of a regex. */
export const patternJson: JsonSchema = {
  type: 'string',
  description: 'A regex in RE2 syntax, found anywhere.',
}

/** Reads the URL of something that a person opens. */
export const link: z.ZodType<string> = value(
  (input) => {
    const text = asText(input)
    if (/^https?:\/\/[^\s/]\S*$/i.test(text) && URL.canParse(text)) return text
    throw new ValueError(`${seen} is not a URL: expected one that starts with https:// or http://`)
  },
  textSchema('https?://.*', 'An http or https URL.'),
)
