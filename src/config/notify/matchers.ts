import type { RE2JS } from 're2js'
import { z } from 'zod'
import { asText, jsonOf, kindOf, seen, value, ValueError } from '../../settings/values/value.ts'
import { readAnchoredPattern } from '../../settings/values/scalars.ts'

const operators = ['=', '!=', '=~', '!~'] as const

/** One condition on one label, as Alertmanager has them. A label that is missing is empty. */
export interface LabelMatcher {
  readonly label: string
  readonly operator: (typeof operators)[number]
  readonly value: string
  readonly matches: (labels: Readonly<Record<string, string>>) => boolean
}

type Operator = LabelMatcher['operator']

export function isLabelName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text)
}

/** @throws ValueError Where the label or the regex is not valid. */
export function matcher(label: string, operator: Operator, text: string): LabelMatcher {
  if (!isLabelName(label)) throw new ValueError('is not a valid label name')
  const regex = operator.includes('~') ? compile(label, text) : undefined
  const wanted = !operator.startsWith('!')
  return {
    label,
    operator,
    value: text,
    matches(labels) {
      const actual = labels[label] ?? ''
      return (regex ? regex.matcher(actual).matches() : actual === text) === wanted
    },
  }
}

/** The message names the label: the place of the mistake is the whole of `match:`. */
function compile(label: string, text: string): RE2JS {
  try {
    return readAnchoredPattern(text).regex
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    throw new ValueError(error.message.replaceAll(seen, `the value of ${label}`), error.detail)
  }
}

/** `label="value"`, in the form that Alertmanager reads. */
export function formatMatcher({ label, operator, value: text }: Omit<LabelMatcher, 'matches'>): string {
  return `${label}${operator}${JSON.stringify(text)}`
}

/**
 * Several matchers in one text, with commas between them: `severity=warning,team=~"shop|pay"`. Braces around them do not count.
 *
 * @throws ValueError
 */
export function parseMatchers(text: string): LabelMatcher[] {
  const inner = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1] ?? text
  return (inner.match(/(?:"(?:\\.|[^"\\])*"|[^,])+/gs) ?? []).map(parseMatcher)
}

/** `severity="critical"`, the quotes optional: https://prometheus.io/docs/alerting/latest/configuration/#matcher */
function parseMatcher(input: unknown): LabelMatcher {
  const text = asText(input)
  const [, label = '', operator, rest = ''] = /^\s*([^\s=!~]+)\s*(=~|!~|!=|=)\s*(.*?)\s*$/s.exec(text) ?? []
  const found = operators.find((candidate) => candidate === operator)
  if (found === undefined)
    throw new ValueError(
      `${seen} is not a valid matcher: expected one such as severity="critical" or team=~"shop|pay"`,
    )
  return matcher(label, found, unquote(rest))
}

function unquote(text: string): string {
  if (!text.startsWith('"')) return text
  try {
    const inner: unknown = JSON.parse(text)
    if (typeof inner === 'string') return inner
  } catch {
    // Reported below, with what to write.
  }
  throw new ValueError(`${seen} has a value whose quotes do not end`)
}

const byLabel = z.record(
  z.string(),
  value(asText, { type: 'string', description: 'The value; "~regex" for a regex in RE2 syntax.' }),
)

const matcherList = z.array(value(parseMatcher, { type: 'string' }))

/** `match:` as `{ label: value }`, `{ label: "~regex" }`, or a list of Alertmanager's matchers. */
export const matchers: z.ZodType<readonly LabelMatcher[]> = value(
  (input) => {
    if (Array.isArray(input)) return input.map(parseMatcher)
    if (typeof input !== 'object' || input === null) {
      throw new ValueError(
        `expected a mapping such as { severity: critical } or a list of matchers, got ${kindOf(input)}`,
      )
    }
    return Object.entries(input).map(([label, text]) => {
      const given = asText(text)
      return given.startsWith('~') ? matcher(label, '=~', given.slice(1)) : matcher(label, '=', given)
    })
  },
  { anyOf: [jsonOf(byLabel), jsonOf(matcherList)] },
)
