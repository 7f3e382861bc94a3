import type { z } from 'zod'
import { durationUpTo } from '../../settings/values/scalars.ts'
import { hasExpansion, type Expanded } from '../../settings/secrets.ts'
import { value, ValueError } from '../../settings/values/value.ts'
import { readToken } from '../http/settings/values.ts'
import { rhythm, year, type Rhythm } from './rhythm.ts'
import type { CheckSchema, Concealed, Given } from '../kind.ts'

/** A job that has to call, at `/api/v1/heartbeat/NAME`. */
export interface HeartbeatCheck {
  readonly kind: 'heartbeat'
  /** The target's name, which stands in the path that is called. */
  readonly name: string
  /** How often, or when, it has to call. */
  readonly rhythm: Rhythm
  /** Seconds on top of it before a call is late. */
  readonly grace: number
  /** Seconds that a run may take after it has reported its beginning. Absent: no limit. */
  readonly maxRuntime?: number
  /** What a caller has to know. Absent: nothing. */
  readonly token?: string
}

function readCallToken(input: unknown): string | null {
  if (input === null) return null
  const token = readToken(input)
  if (token === '') throw new ValueError('is empty: leave it out if anyone may call')
  return token
}

const shape = {
  heartbeat: rhythm
    .optional()
    .describe(
      'The longest time between two calls of the job, or the times at which it runs: `{ schedule: "0 3 * * 1-5", timezone: Europe/Berlin }`.',
    ),
  grace: durationUpTo(year, '366d')
    .nullable()
    .optional()
    .describe('Extra time before a call counts as late; `~` removes an inherited one. Default: none.'),
  max_runtime: durationUpTo(year, '366d')
    .nullable()
    .optional()
    .describe(
      'How long a run may take after it has reported its start; `~` removes an inherited one. Default: no limit.',
    ),
  token: value(readCallToken, {
    type: ['string', 'null'],
    description: 'The secret that a caller has to send; `~` removes an inherited one. Default: none.',
  }).optional(),
}

/** What is expected of a job is that it calls. */
const expectShape = {}

type Parsed = { readonly [K in keyof typeof shape]: z.output<(typeof shape)[K]> }
type HeartbeatSettings = Given<Parsed, 'heartbeat'> &
  Pick<Parsed, 'grace' | 'max_runtime' | 'token'> & { readonly name?: string | undefined }

function toCheck({ name = '', heartbeat, grace, max_runtime, token }: HeartbeatSettings): HeartbeatCheck {
  return {
    kind: 'heartbeat',
    name,
    rhythm: heartbeat,
    grace: grace ?? 0,
    ...(typeof max_runtime === 'number' && { maxRuntime: max_runtime }),
    ...(typeof token === 'string' && { token }),
  }
}

/** Nothing but references to the environment or to files. */
const reference = /^(?:\$\{(?:file:[^}]+|[A-Za-z_]\w*)\})+$/

/** A job has no address: its target's name stands for it. */
function conceal(written: Readonly<Record<string, unknown>>, expand: (text: string) => Expanded): Concealed {
  const { name, token } = written
  const instance = typeof name !== 'string' ? 'heartbeat' : hasExpansion(name) ? expand(name).value : name
  if (typeof token !== 'string') return { instance, shown: written, secrets: [] }
  const shown = reference.test(token) ? written : { ...written, token: '<secret>' }
  return { instance, shown, secrets: [expand(token).value] }
}

export const heartbeatSchema: CheckSchema<
  typeof shape,
  typeof expectShape,
  HeartbeatSettings,
  HeartbeatCheck
> = {
  key: 'heartbeat',
  shape,
  expectShape,
  // Nothing is waited for.
  defaults: { expect: { max_latency: 'off' } },
  toCheck,
  conceal,
}
