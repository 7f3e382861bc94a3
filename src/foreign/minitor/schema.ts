import { z } from 'zod'
import type { CommandLine } from '../../lib/io/run-command.ts'
import { keys, kindOf, seen, value, ValueError, type JsonSchema } from '../../settings/values/value.ts'
import { parseGoDuration } from './go-duration.ts'

/** Minitor takes numbers for text, and only whole ones come out of YAML as they were written. */
function readText(input: unknown): string {
  if (typeof input === 'string') return input
  if (typeof input === 'number' && Number.isSafeInteger(input)) return String(input)
  const quote = typeof input === 'number' || typeof input === 'boolean' ? ': put it in quotes' : ''
  throw new ValueError(`expected text, got ${kindOf(input)}${quote}`)
}

const name = value(
  (input) => {
    if (input === undefined || input === null) throw new ValueError('a monitor needs a name')
    const text = readText(input).trim()
    if (text === '') throw new ValueError('is empty: a monitor needs a name')
    if (/\p{Cc}/u.test(text)) throw new ValueError('contains a line break or a control character')
    return text
  },
  { type: ['string', 'integer'] },
)

const command: z.ZodType<CommandLine> = value(
  (input) => {
    if (input === undefined || input === null)
      throw new ValueError('is missing: expected a program with its arguments, or text for a shell')
    const line = Array.isArray(input) ? input.map(readText) : readText(input)
    const program = typeof line === 'string' ? line.trim() : (line[0] ?? '')
    if (program === '') throw new ValueError('has no program')
    if ([line].flat().some((word) => word.includes('\0'))) throw new ValueError('contains a NUL character')
    return line
  },
  { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
)

/** Names of alerts; nothing is the same as none. */
const alertNames = value(
  (input) => {
    if (input === null) return []
    return (Array.isArray(input) ? input : [input]).map(readText)
  },
  { type: ['array', 'string', 'null'] },
)

/** The environment has only text. */
function asInteger(input: unknown): number {
  if (typeof input === 'string' && /^-?[0-9]{1,9}$/.test(input)) return Number(input)
  return typeof input === 'number' && Number.isSafeInteger(input) ? input : NaN
}

/** Go's Minitor takes 0 for nothing. */
const alertAfter: z.ZodType<number | undefined> = value(
  (input) => {
    const count = asInteger(input)
    if (count >= 0 && count <= 100_000) return count === 0 ? undefined : count
    throw new ValueError(`${seen} is not a valid number of failed checks: expected one such as 3`)
  },
  { type: 'integer', minimum: 0 },
)

const alertEvery: z.ZodType<number> = value(
  (input) => {
    const count = asInteger(input)
    if (Number.isNaN(count) || count > 999_999)
      throw new ValueError(
        `${seen} is not a valid number of failed checks: expected one such as 5, 0 for never again, or -1 for increasing waits`,
      )
    return count
  },
  { type: 'integer' },
)

const maxInterval = 30 * 86_400
const minInterval = 0.01

function readInterval(input: unknown): number {
  const isNumber = typeof input === 'number' || (typeof input === 'string' && /^[0-9]+$/.test(input))
  const seconds = isNumber ? Number(input) : typeof input === 'string' ? parseGoDuration(input) : undefined
  if (seconds === undefined || !(seconds >= 0))
    throw new ValueError(
      `${seen} is not a valid interval: expected seconds such as 30, or a duration such as 1m30s`,
    )
  if (seconds > 0 && seconds < minInterval)
    throw new ValueError(`${seen} is too short: expected at least 10ms`)
  if (seconds > maxInterval) throw new ValueError(`${seen} is too long: expected at most 30 days`)
  return seconds
}

const json: JsonSchema = { type: ['integer', 'string'] }

/** Seconds. 0 is the same as nothing. */
const ownInterval: z.ZodType<number | undefined> = value((input) => readInterval(input) || undefined, json)

/** Seconds. */
const interval: z.ZodType<number> = value((input) => {
  const seconds = readInterval(input)
  if (seconds === 0) throw new ValueError(`${seen} is too short: expected more than zero`)
  return seconds
}, json)

const monitor = keys({
  name,
  command,
  alerts: alertNames.optional(),
  alert_down: alertNames.optional(),
  alert_up: alertNames.optional(),
  check_interval: ownInterval.optional(),
  alert_after: alertAfter.optional(),
  alert_every: alertEvery.optional(),
})

const alert = keys({ command })

/** The top of a file. */
export const minitorSchema = keys({
  check_interval: interval.optional(),
  default_alert_after: alertAfter.optional(),
  default_alert_every: alertEvery.optional(),
  default_alert_down: alertNames.optional(),
  default_alert_up: alertNames.optional(),
  startup_alerts: alertNames.optional(),
  monitors: z.array(monitor),
  alerts: z
    .record(z.string(), alert, {
      error: (issue) => `expected a mapping of alert names, got ${kindOf(issue.input)}`,
    })
    .nullable()
    .optional(),
})

export type WrittenMinitor = z.output<typeof minitorSchema>
export type WrittenMonitor = WrittenMinitor['monitors'][number]

/** Keys whose `${...}` are expanded before they are read, because they are not text. */
export const numberKeys: ReadonlySet<string> = new Set([
  'check_interval',
  'alert_after',
  'alert_every',
  'default_alert_after',
  'default_alert_every',
])
