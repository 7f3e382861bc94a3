import type { StatusRange } from '../../checks/http/settings/values.ts'
import type { Severity } from './severity.ts'
import type { Pattern } from '../../settings/values/pattern.ts'
import type { z } from 'zod'
import { readStatus } from '../../checks/http/settings/values.ts'
import { patternJson, readPattern } from '../../settings/values/scalars.ts'
import { keys, oneOrMany, seen, value, ValueError } from '../../settings/values/value.ts'

/** Which calls a target is judged on. What is absent matches any; what is there is searched for, unanchored. */
export interface CallMatch {
  readonly method?: Pattern
  readonly host?: Pattern
  readonly path?: Pattern
  /** The name that the program gave to what it called, such as `stripe.Charge.create`. */
  readonly operation?: Pattern
}

/** A target as the calls of programs see it: which calls are its own, and what is expected of them. */
export interface CallTarget {
  readonly name: string
  /** The names that it had before. Default: none. */
  readonly was?: readonly string[]
  readonly severity: Severity
  /** The target's own labels, such as vendor and team. */
  readonly labels: Readonly<Record<string, string>>
  readonly runbook?: string
  readonly expect: {
    /** Seconds; Infinity for none. */
    readonly maxLatency: number
    /** 0 to 1. */
    readonly maxErrorRatio: number
  }
  readonly match: CallMatch
  /** The statuses that do not count as errors. Absent: all but none at all, 429, and 500 and above. */
  readonly status?: readonly StatusRange[]
  /** Whether nobody is notified if it is no longer called. Default: somebody is. */
  readonly missing?: 'off'
  /** Its calls are counted, but not judged for now: none of its alerts fires. Absent: they are. */
  readonly paused?: true
  /** Whether the target has a check too: then it is among the targets of the configuration as well. */
  readonly probed: boolean
}

const parts = ['method', 'host', 'path', 'operation'] as const

function part(description: string): z.ZodOptional<z.ZodType<Pattern>> {
  return value(readPattern, { ...patternJson, description }).optional()
}

/** @throws {@link ValueError} */
function readMissing(input: unknown): 'on' | 'off' {
  // `off` without quotes is false in older YAML.
  if (input === 'on' || input === true) return 'on'
  if (input === 'off' || input === false) return 'off'
  throw new ValueError(`${seen} is not valid: expected on or off`)
}

/** `calls:` of a target. */
export const callsSchema = keys({
  method: part('Regex that the method matches. Default: any.'),
  host: part('Regex that the host matches; hosts are in lower case. Default: any.'),
  path: part('Regex that the path matches; the query is never reported. Default: any.'),
  operation: part('Regex that the name of a wrapped function matches. Default: any.'),
  expect: keys({
    status: oneOrMany(readStatus, {
      anyOf: [{ type: 'integer', minimum: 100, maximum: 999 }, { type: 'string' }],
    })
      .optional()
      .describe(
        'The codes that do not count as errors: `2xx`, `404`, one or a list. Default: all codes except 429 and 500 or above; a call without a code is an error.',
      ),
  })
    .optional()
    .describe('What is expected of a call, in addition to what is expected of the target.'),
  missing: value(readMissing, { anyOf: [{ enum: ['on', 'off'] }, { type: 'boolean' }] })
    .optional()
    .describe(
      'Whether the alert CallsMissing applies: `off` for what is called irregularly, such as by hand. Default: `on`.',
    ),
}).superRefine((calls, context) => {
  if (parts.some((name) => calls[name] !== undefined)) return
  const message = 'does not say which calls: expected at least one of method:, host:, path: and operation:'
  context.addIssue({ code: 'custom', message })
})

/** What `calls:` was read as. */
export type CallsSettings = z.output<typeof callsSchema>

/** Takes the expectation out of what selects. */
export function callMatch({
  method,
  host,
  path,
  operation,
  expect,
  missing,
}: CallsSettings): Pick<CallTarget, 'match' | 'status' | 'missing'> {
  return {
    match: {
      ...(method && { method }),
      ...(host && { host }),
      ...(path && { path }),
      ...(operation && { operation }),
    },
    ...(expect?.status && { status: expect.status }),
    ...(missing === 'off' && { missing }),
  }
}
